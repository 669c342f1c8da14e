"""Read failed rows with their texts, from an import's log and its inputs."""

from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from imports_app.database import atomic, connection
from imports_app.models import Import, ImportChunk, RowFailure
from imports_app.models.keyset import in_pages
from imports_app.storage.sealed import open_all

FAILURES_AT_A_TIME = 500
CHUNKS = 16  # at a time, of about conf.chunk_bytes

_split = msgspec.json.Decoder(list[msgspec.Raw])

FailedRow = tuple[RowFailure, bytes | None]


def failed_rows(import_: Import) -> Iterator[FailedRow]:
    """Return every row that failed before `import_.rows_done`, in flat memory."""
    failed = Q(index__lt=import_.rows_done)
    failures = in_pages(import_.failures.filter(failed), "index", FAILURES_AT_A_TIME)
    return _with_rows(failures, in_pages(_holding(import_.pk, failed), "first_row", CHUNKS))


def failed_rows_of(import_id: UUID, failures: list[RowFailure]) -> Iterator[FailedRow]:
    """Yield these failures, in the order of their indexes, with their rows. One query."""
    indexes = [failure.index for failure in failures]
    chunks = _holding(import_id, Q(index__in=indexes)).order_by("first_row")
    with _one_transaction():
        yield from _with_rows(failures, chunks.iterator(chunk_size=1))


class LeftUndone(Container[int]):
    """The indexes of the rows that an import left undone: those that failed, and those that it
    never came to.

    Attributes:
        failed: the former.
        done: where the latter may begin. Of all or nothing nothing was done: the rows that failed
            say nothing of a position.
    """

    def __init__(self, import_: Import) -> None:
        self.import_ = import_
        self.failed = frozenset(import_.failures.values_list("index", flat=True))
        self.done = 0 if import_.all_or_nothing else import_.rows_done

    def __contains__(self, index: object) -> bool:
        return index in self.failed or self.is_untouched(index)

    def __iter__(self) -> Iterator[int]:
        return (index for index in range(self.import_.inputs_size) if index in self)

    def is_untouched(self, index: Any) -> bool:
        """Return whether the import never reached the row of that index."""
        return index >= self.done and index not in self.failed

    @property
    def untouched(self) -> int:
        """How many those are."""
        behind = sum(index >= self.done for index in self.failed)
        return self.import_.inputs_size - self.done - behind


def rows_to_retry(left: LeftUndone, wanted: Callable[[int], bool] | None = None) -> Iterator[bytes]:
    """Return the JSON text of these rows in their order; of all of them unless some are `wanted`.

    Raises SealBroken.
    """
    is_wanted = wanted or left.__contains__
    unprocessed = Q(first_row__gt=left.done - F("rows"))
    import_id = left.import_.pk
    chunks = ImportChunk.objects.filter(_holds(Q()) | unprocessed, bulk_import_id=import_id)
    rows = _rows(in_pages(chunks, "first_row", CHUNKS))
    return map(bytes, open_all(import_id, (pair for pair in rows if is_wanted(pair[0]))))


def _with_rows(
    failures: Iterable[RowFailure], chunks: Iterable[ImportChunk]
) -> Iterator[FailedRow]:
    """Yield the failures with their rows; None for the row once the inputs are pruned."""
    rows = _rows(chunks)
    for failure in failures:
        row = next((row for index, row in rows if index == failure.index), None)
        yield failure, None if row is None else bytes(row)


def _holding(import_id: UUID, failed: Q) -> QuerySet[ImportChunk]:
    return ImportChunk.objects.filter(_holds(failed), bulk_import_id=import_id)


def _holds(failed: Q) -> Q:
    """Of chunks: one of these failures is in it."""
    inside = Q(index__gte=OuterRef("first_row"), index__lt=OuterRef("first_row") + OuterRef("rows"))
    failures = RowFailure.objects.filter(bulk_import_id=OuterRef("bulk_import_id"))
    return Q(Exists(failures.filter(failed, inside)))


def _rows(chunks: Iterable[ImportChunk]) -> Iterator[tuple[int, msgspec.Raw]]:
    """Yield the rows of the chunks with their indexes."""
    for chunk in chunks:
        yield from enumerate(_split.decode(chunk.inputs), chunk.first_row)


def _one_transaction() -> AbstractContextManager[Any]:
    """Return where PostgreSQL has a cursor of its own; SQLite needs none, and would wait for
    writers.
    """
    if connection.vendor == "postgresql":
        return atomic(savepoint=False)
    return nullcontext()
