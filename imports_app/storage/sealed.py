"""Rows that have secrets: stored without them, and sealed as they were sent beside that.

The sealed row is deleted in the transaction in which it takes effect. A failed one stays, for a
retry, until the inputs are pruned.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from uuid import UUID

import msgspec
from msgspec import Raw

from imports_app.importer import Importer
from imports_app.models import Import, ImportChunk, SealedRow
from imports_app.models.keyset import in_pages
from imports_app.secrecy.hidden import without_secrets
from imports_app.storage.bulk_insert import insert
from imports_app.storage.seal import Seal

ROWS_AT_A_TIME = 1_000
COLUMNS = ("bulk_import_id", "index", "content")

_split = msgspec.json.Decoder(list[Raw])


def seal(
    import_: Import, importer: Importer, first_row: int, rows: Sequence[bytes | Raw]
) -> Sequence[bytes | Raw]:
    """Return the rows as they are to be stored, and seal those that have secrets."""
    key = Seal(import_.pk)
    stored, sealed = [], []
    for index, row in enumerate(rows, first_row):
        text = bytes(row)
        shown = without_secrets(text, importer)
        stored.append(shown)
        if shown is not text:
            sealed.append((import_.pk, index, key.close(index, text)))
    insert(SealedRow, COLUMNS, sealed)
    return stored


def unsealed(chunk: ImportChunk) -> bytes:
    """Return the chunk's text with its sealed rows as they were sent. One query. Raises
    SealBroken.
    """
    end = chunk.first_row + chunk.rows
    opened = dict(_opened(chunk.bulk_import_id, chunk.first_row, end))
    if not opened:
        return chunk.inputs
    rows = enumerate(_split.decode(chunk.inputs), chunk.first_row)
    return b"[%b]" % b",".join(opened.get(index, row) for index, row in rows)


def open_all(import_id: UUID, rows: Iterable[tuple[int, bytes | Raw]]) -> Iterator[bytes | Raw]:
    """Yield the rows, in the order of their indexes, as they were sent. Raises SealBroken."""
    sealed = _opened(import_id, 0, None)
    waiting = next(sealed, None)
    for index, row in rows:
        while waiting and waiting[0] < index:
            waiting = next(sealed, None)
        yield waiting[1] if waiting and waiting[0] == index else row


def forget(import_: Import, indexes: range, *, but: Collection[int]) -> None:
    """Delete the sealed rows of these that took effect, `but` for those that failed."""
    done = SealedRow.objects.filter(
        bulk_import=import_, index__gte=indexes.start, index__lt=indexes.stop
    )
    done.exclude(index__in=but).delete()


def _opened(import_id: UUID, start: int, end: int | None) -> Iterator[tuple[int, bytes]]:
    sealed = SealedRow.objects.filter(bulk_import_id=import_id, index__gte=start)
    if end is not None:
        sealed = sealed.filter(index__lt=end)
    key = Seal(import_id)
    for row in in_pages(sealed, "index", ROWS_AT_A_TIME):
        yield row.index, key.open(row.index, bytes(row.content))
