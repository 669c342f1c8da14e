"""Turn stored text into rows: decoded, cast and validated, each with its errors."""

from imports_app.engine.reading.cells import cast
from imports_app.engine.reading.chunk import as_sent, read, unread
from imports_app.engine.reading.many_edits import ManyEdit, Named, too_many
from imports_app.engine.reading.natural_keys import failures_of, keys_given, row_key, usable_key
from imports_app.engine.reading.row import Row, lift, parts_of
from imports_app.engine.reading.rows import Rows
from imports_app.engine.reading.targets import target_of

__all__ = [
    "ManyEdit",
    "Named",
    "Row",
    "Rows",
    "as_sent",
    "cast",
    "failures_of",
    "keys_given",
    "lift",
    "parts_of",
    "read",
    "row_key",
    "target_of",
    "too_many",
    "unread",
    "usable_key",
]
