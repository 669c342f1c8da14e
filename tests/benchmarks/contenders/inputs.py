"""What the driver takes to keep the text of an import's inputs, packed, and to fetch it."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from uuid import UUID

from django.db import connection

from imports_app.models import ImportChunk
from imports_app.models.zstd import packed, unpacked
from tests.benchmarks.contenders import floor

CHUNKS = ImportChunk._meta.db_table
KEPT = "bench_inputs"


@contextmanager
def inserting(text: str) -> Iterator[Callable[[], None]]:
    """Inserts the text and commits, into a table whose only column is stored as the chunks' is."""
    on_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(_definition(on_postgresql=on_postgresql))
    sql = f"INSERT INTO {KEPT} (inputs) VALUES ({'%s' if on_postgresql else '?'})"
    try:
        with closing(floor.driver()) as driver:

            def insert() -> None:
                driver.execute(sql, (packed(text.encode()),))
                driver.commit()

            yield insert
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {KEPT}")


@contextmanager
def fetching(import_id: str) -> Iterator[Callable[[], int]]:
    """Fetches all chunks of the import; returns how many characters that are."""
    on_postgresql = connection.vendor == "postgresql"
    own_id = import_id if on_postgresql else UUID(import_id).hex
    where = f"import_id = {'%s' if on_postgresql else '?'}"
    sql = f"SELECT inputs FROM {CHUNKS} WHERE {where} ORDER BY first_row"
    with closing(floor.driver()) as driver:

        def fetch() -> int:
            return sum(
                len(unpacked(kept).decode())
                for (kept,) in driver.execute(sql, (own_id,)).fetchall()
            )

        yield fetch


def _definition(*, on_postgresql: bool) -> str:
    if not on_postgresql:
        return f"CREATE TABLE {KEPT} (inputs blob NOT NULL)"
    others = (field.column for field in ImportChunk._meta.fields if field.name != "inputs")
    dropped = ", ".join(f"DROP COLUMN {column}" for column in others)
    return f"""
        CREATE TABLE {KEPT} (LIKE {CHUNKS} INCLUDING STORAGE INCLUDING COMPRESSION);
        ALTER TABLE {KEPT} {dropped}
    """
