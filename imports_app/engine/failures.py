"""The rows that failed, each with its text: an import's log and its inputs brought together."""

from collections.abc import Iterable, Iterator
from uuid import UUID

import msgspec
from django.db.models import Exists, F, OuterRef, Q

from imports_app.models import Import, ImportChunk, RowFailure

FAILURES_AT_A_TIME = 500

_split = msgspec.json.Decoder(list[msgspec.Raw])

FailedRow = tuple[RowFailure, bytes | None]


def failed_rows(import_: Import) -> Iterator[FailedRow]:
    """Every row that failed before `import_.rows_done`, in flat memory and two queries."""
    failed = Q(index__lt=import_.rows_done)
    failures = import_.failures.filter(failed).iterator(FAILURES_AT_A_TIME)
    return _with_rows(import_.pk, failures, failed)


def failed_rows_of(import_id: UUID, failures: list[RowFailure]) -> Iterator[FailedRow]:
    """These failures, in the order of their indexes, with their rows. One query."""
    indexes = [failure.index for failure in failures]
    return _with_rows(import_id, failures, Q(index__in=indexes))


def rows_to_retry(import_: Import) -> Iterator[bytes]:
    """The JSON text of the rows that failed and of those never gone through, in their order."""
    failed = set(import_.failures.values_list("index", flat=True))
    unprocessed = Q(first_row__gt=import_.rows_done - F("rows"))
    for index, row in _rows(import_.pk, _holding(Q()) | unprocessed):
        if index in failed or index >= import_.rows_done:
            yield bytes(row)


def _with_rows(import_id: UUID, failures: Iterable[RowFailure], failed: Q) -> Iterator[FailedRow]:
    """The failures with their rows; None for the row once the inputs are pruned."""
    rows = _rows(import_id, _holding(failed))
    for failure in failures:
        row = next((row for index, row in rows if index == failure.index), None)
        yield failure, None if row is None else bytes(row)


def _holding(failed: Q) -> Q:
    """Of chunks: one of these failures is in it."""
    inside = Q(index__gte=OuterRef("first_row"), index__lt=OuterRef("first_row") + OuterRef("rows"))
    failures = RowFailure.objects.filter(bulk_import_id=OuterRef("bulk_import_id"))
    return Q(Exists(failures.filter(failed, inside)))


def _rows(import_id: UUID, wanted: Q) -> Iterator[tuple[int, msgspec.Raw]]:
    """The rows of the wanted chunks with their indexes; one chunk in memory at a time."""
    chunks = ImportChunk.objects.filter(wanted, bulk_import_id=import_id)
    for chunk in chunks.order_by("first_row").iterator(chunk_size=1):
        yield from enumerate(_split.decode(chunk.inputs), chunk.first_row)
