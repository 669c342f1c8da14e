"""Bulk writers, one for each database, and the ORM for any other."""

from imports_app.engine.writers.base import Writer, Written
from imports_app.engine.writers.choice import WRITERS, writer_for
from imports_app.engine.writers.clock import database_now, load_and_set_clock
from imports_app.engine.writers.layout import AnyField, moment, touched_fields
from imports_app.engine.writers.matching import find, referred, settle_references
from imports_app.engine.writers.orm import OrmWriter
from imports_app.engine.writers.postgresql import PostgresWriter
from imports_app.engine.writers.save import NotSaved
from imports_app.engine.writers.sqlite import SqliteWriter
from imports_app.engine.writers.values import as_json, converter

__all__ = [
    "WRITERS",
    "AnyField",
    "NotSaved",
    "OrmWriter",
    "PostgresWriter",
    "SqliteWriter",
    "Writer",
    "Written",
    "as_json",
    "converter",
    "database_now",
    "find",
    "load_and_set_clock",
    "moment",
    "referred",
    "settle_references",
    "touched_fields",
    "writer_for",
]
