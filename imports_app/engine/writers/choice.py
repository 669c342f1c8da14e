"""Which writer the database in use takes."""

from django.db.models import Model

from imports_app.database import connection, quote
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
    if _is_view(schema.model) or not is_plain(schema):
        return OrmWriter(schema, mode, meanwhile)
    return WRITERS.get(connection.vendor, OrmWriter)(schema, mode, meanwhile)


def _is_view(model: type[Model]) -> bool:
    """Return whether the model stands for a view of PostgreSQL's, whose records have no place and
    whose ids have no sequence. Only tables that Django doesn't manage are asked for.
    """
    if model._meta.managed or connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relkind = 'v' FROM pg_class WHERE oid = to_regclass(%s)",
            [quote(model._meta.db_table)],
        )
        found: tuple[bool] | None = cursor.fetchone()
        return found == (True,)
