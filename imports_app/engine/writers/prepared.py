"""Prepared statements on SQLite."""

from collections.abc import Collection, Mapping
from contextlib import closing

from imports_app.database import connection
from imports_app.engine.writers.values import Values


def effective(sql: str, rows: Mapping[int, Values]) -> Collection[int]:
    """Execute the statement for each of the rows; return the places of those that it changed.

    It is what `executemany` does, which doesn't say which rows these are.
    """
    changed: dict[int, None] = {}
    with connection.wrap_database_errors, closing(connection.connection.cursor()) as cursor:
        for place, parameters in rows.items():
            if cursor.execute(sql, parameters).rowcount:
                changed[place] = None
    return changed
