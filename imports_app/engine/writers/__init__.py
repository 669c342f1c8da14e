"""Bulk writers, one for each database, and the ORM for any other."""

from django.db import connection

from imports_app.engine.schema import Schema
from imports_app.engine.writers.base import Meanwhile, Writer, Written, nothing
from imports_app.engine.writers.orm import OrmWriter
from imports_app.engine.writers.postgresql import PostgresWriter
from imports_app.engine.writers.sqlite import SqliteWriter

WRITERS: dict[str, type[Writer]] = {"postgresql": PostgresWriter, "sqlite": SqliteWriter}

__all__ = [
    "WRITERS",
    "OrmWriter",
    "PostgresWriter",
    "SqliteWriter",
    "Writer",
    "Written",
    "writer_for",
]


def writer_for(schema: Schema, mode: str, meanwhile: Meanwhile = nothing) -> Writer:
    """The fastest writer for the database in use."""
    return WRITERS.get(connection.vendor, OrmWriter)(schema, mode, meanwhile)
