"""An import's rows, stored as runs of raw JSON and read a few at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID

import msgspec
from msgspec import Raw

from imports_app.conf import conf
from imports_app.models import Import, ImportChunk
from imports_app.models.status import Status
from imports_app.models.zstd import unpacked
from imports_app.registry import importers
from imports_app.secrecy.hidden import has_secrets
from imports_app.storage import sealed
from imports_app.storage.bulk_insert import insert
from imports_app.storage.lines import pack
from imports_app.storage.row_cost import BATCH_COST, RowCost, row_cost

READ_AHEAD = 4
ROWS_A_LOOK = 64
COLUMNS = ("bulk_import_id", "first_row", "rows", "inputs", "lines")

_split = msgspec.json.Decoder(list[Raw])


def store(import_: Import, rows: Iterable[bytes | Raw], lines: Iterable[int] = ()) -> None:
    """Write the rows in chunks of at most conf.chunk_rows rows and about conf.chunk_bytes bytes.

    A single row larger than that is a chunk of its own, and where rows of the type cost more than
    most a chunk has fewer. No more than one chunk is in memory, if the rows come one by one.
    `lines` are where the rows begin, if anybody counted them.
    """
    first_row = 0
    places = iter(lines)
    importer = importers.find(import_.resource_type)
    hiding = importer if importer and has_secrets(importer) else None
    for chunk in cut(rows, row_cost(importer) if importer else None):
        stored = sealed.seal(import_, hiding, first_row, chunk) if hiding else chunk
        text = b"[%b]" % b",".join(stored)
        own = list(islice(places, len(chunk)))
        packed = pack(own) if own else None
        insert(ImportChunk, COLUMNS, [(import_.pk, first_row, len(chunk), text, packed)])
        first_row += len(chunk)


def cut(rows: Iterable[bytes | Raw], cost_of: RowCost | None = None) -> Iterator[list[bytes | Raw]]:
    """Yield the rows in runs, one a chunk, none of which costs more than a batch may."""
    chunk: list[bytes | Raw] = []
    size = cost = 0
    max_rows, max_bytes = conf.chunk_rows, conf.chunk_bytes
    waiting = iter(rows)
    while some := list(islice(waiting, ROWS_A_LOOK)):
        added = sum(map(len, some))
        # Where the chunk can't end yet its rows need not be gone through one by one.
        if not cost_of and len(chunk) + len(some) <= max_rows and size + added <= max_bytes:
            chunk += some
            size += added
            continue
        for row in some:
            size += len(row)
            cost += cost_of(row) if cost_of else 0
            if chunk and (len(chunk) >= max_rows or size > max_bytes or cost > BATCH_COST):
                yield chunk
                chunk, size = [], len(row)
                cost = cost_of(row) if cost_of else 0
            chunk.append(row)
    if chunk:
        yield chunk


def chunk_at(import_id: UUID, row: int) -> ImportChunk:
    """Return the chunk that holds the row of that index. Raises ImportChunk.DoesNotExist."""
    chunk = (
        ImportChunk.objects.filter(bulk_import_id=import_id, first_row__lte=row)
        .order_by("-first_row")
        .first()
    )
    if chunk is None:
        raise ImportChunk.DoesNotExist(f"row {row} of import {import_id} is not stored")
    return chunk


def first_behind(import_: Import) -> ImportChunk | None:
    """Return the first chunk of the import that comes next among those of the type, with that
    import.

    None if none is pending.
    """
    pending = Import.objects.active().filter(
        status=Status.PENDING,
        mode=import_.mode,
        resource_type=import_.resource_type,
        position__gt=import_.position,
        suspect_end=None,
    )
    # Two queries take Django half the time that one with the other in it does.
    if (behind := pending.first()) is None:
        return None
    first = ImportChunk.objects.filter(bulk_import=behind, first_row=0).first()
    if first is not None:
        first.bulk_import = behind
    return first


def read_inputs(import_id: UUID) -> Iterator[bytes]:
    """Yield the rows as a JSON array in pieces, all but its last bracket.

    Each begins with what stands before a row: the first bracket, or a comma. Reads a few chunks at
    a time, so that memory stays flat. Yields nothing once they are pruned.
    """
    last = -1
    while chunks := list(_after(import_id, last)):
        for first_row, packed in chunks:
            inputs = unpacked(packed)
            yield inputs[:-1] if last < 0 else b"," + inputs[1:-1]
            last = first_row
        if len(chunks) < READ_AHEAD:
            return


def rows_of(import_id: UUID) -> Iterator[bytes | Raw]:
    """Yield the import's rows in order, as they were sent; one chunk is in memory at a time.

    Raises SealBroken.
    """
    chunks = ImportChunk.objects.filter(bulk_import_id=import_id).order_by("first_row")
    texts = chunks.values_list("inputs", flat=True).iterator(chunk_size=1)
    rows = (row for packed in texts for row in _split.decode(unpacked(packed)))
    return sealed.open_all(import_id, enumerate(rows))


def _after(import_id: UUID, row: int) -> Iterable[tuple[int, bytes]]:
    return (
        ImportChunk.objects.filter(bulk_import_id=import_id, first_row__gt=row)
        .order_by("first_row")
        .values_list("first_row", "inputs")[:READ_AHEAD]
    )
