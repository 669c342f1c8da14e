"""An import's rows, stored as runs of raw JSON and read a few at a time."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from imports_app.conf import conf
from imports_app.models import Import, ImportChunk

READ_AHEAD = 4


def store(import_: Import, rows: Sequence[bytes]) -> None:
    """Writes the rows in chunks of at most conf.chunk_rows rows and about conf.chunk_bytes bytes.

    A single row larger than that is a chunk of its own.
    """
    # One INSERT a chunk: of several rows Django makes arrays on PostgreSQL, and escapes their text
    # in Python, which takes ten times as long as all the rest.
    for start, end in cut(rows):
        ImportChunk(
            bulk_import=import_,
            first_row=start,
            rows=end - start,
            inputs=(b"[" + b",".join(rows[start:end]) + b"]").decode(),
        ).save(force_insert=True)


def cut(rows: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Half-open ranges of row indexes, one a chunk."""
    start = size = 0
    max_rows, max_bytes = conf.chunk_rows, conf.chunk_bytes
    for index, row in enumerate(rows):
        if index > start and (index - start >= max_rows or size + len(row) > max_bytes):
            yield start, index
            start, size = index, 0
        size += len(row)
    if start < len(rows):
        yield start, len(rows)


def chunk_at(import_id: UUID, row: int) -> ImportChunk:
    """The chunk that holds the row of that index. Raises ImportChunk.DoesNotExist."""
    chunk = (
        ImportChunk.objects.filter(bulk_import_id=import_id, first_row__lte=row)
        .order_by("-first_row")
        .first()
    )
    if chunk is None:
        raise ImportChunk.DoesNotExist(f"row {row} of import {import_id} is not stored")
    return chunk


def read_inputs(import_id: UUID) -> Iterator[str]:
    """The rows' JSON text in pieces, commas between them and no outer brackets.

    Reads a few chunks at a time, so that memory stays flat. Yields nothing once they are pruned.
    """
    last = -1
    while chunks := list(_after(import_id, last)):
        for first_row, inputs in chunks:
            yield inputs[1:-1] if last < 0 else "," + inputs[1:-1]
            last = first_row


def _after(import_id: UUID, row: int) -> Iterable[tuple[int, str]]:
    return (
        ImportChunk.objects.filter(bulk_import_id=import_id, first_row__gt=row)
        .order_by("first_row")
        .values_list("first_row", "inputs")[:READ_AHEAD]
    )
