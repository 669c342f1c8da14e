"""Large tables, made once and brought back in seconds."""

from itertools import count

from django.db import connection

_numbers = count(1)


class Snapshot:
    """What is in a table now."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._copy = f"bench_{table}_{next(_numbers)}"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {self._copy} AS SELECT * FROM {table}")

    def restore(self) -> None:
        """Adds it to what is in the table by then."""
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {self._table} SELECT * FROM {self._copy}")

    def drop(self) -> None:
        """Frees its space."""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {self._copy}")
