"""Notices that the columns of a CSV are none of its type's, once each."""

from collections.abc import Iterator, Sequence

from imports_app.engine.holding import Context
from imports_app.engine.reading import Row
from imports_app.storage.log import Notice


def ignored_columns(context: Context, rows: Sequence[Row]) -> Iterator[Notice]:
    """A warning for each column that these rows have first; it concerns the whole import."""
    columns = dict.fromkeys(column for row in rows for column in row.unknown)
    for column in columns:
        message = f"the column {column} is unknown and was ignored"
        if message not in context.said:
            yield Notice(None, None, message)
