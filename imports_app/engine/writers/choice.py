"""Which writer the database in use takes."""

from imports_app.database import connection
from imports_app.engine.types import Schema, is_plain
from imports_app.engine.writers.base import Meanwhile, Writer, nothing
from imports_app.engine.writers.orm import OrmWriter
from imports_app.engine.writers.postgresql import PostgresWriter
from imports_app.engine.writers.save import SaveWriter
from imports_app.engine.writers.sqlite import SqliteWriter

WRITERS: dict[str, type[Writer]] = {"postgresql": PostgresWriter, "sqlite": SqliteWriter}


def writer_for(schema: Schema, mode: str, meanwhile: Meanwhile = nothing) -> Writer:
    """Return the fastest writer for the database in use, or the one that saves record by record."""
    if schema.importer.write == "save":
        return SaveWriter(schema, mode, meanwhile)
    if not is_plain(schema):
        return OrmWriter(schema, mode, meanwhile)
    return WRITERS.get(connection.vendor, OrmWriter)(schema, mode, meanwhile)
