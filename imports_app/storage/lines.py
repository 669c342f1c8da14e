"""The line of the file at which each row began, stored with the chunks, as runs."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from uuid import UUID

import msgspec
from django.db.models import F, Q

from imports_app.models import ImportChunk

_runs = msgspec.msgpack.Decoder(list[int])


def pack(lines: Sequence[int]) -> bytes:
    """Return them packed: a run of rows that stand line by line is where it begins, and its line.

    Of most files a chunk is one run.
    """
    runs: list[int] = []
    expected = None
    for place, line in enumerate(lines):
        if line != expected:
            runs += (place, line)
        expected = line + 1
    return msgspec.msgpack.encode(runs)


def unpack(packed: bytes | memoryview | None, rows: int) -> list[int] | None:
    """Return the lines of so many rows; None if nobody counted them."""
    if packed is None:
        return None
    runs = _runs.decode(packed)
    ends = [*runs[2::2], rows]
    lines: list[int] = []
    for start, line, end in zip(runs[::2], runs[1::2], ends, strict=True):
        lines.extend(range(line, line + end - start))
    return lines


def lines_at(import_id: UUID, indexes: Sequence[int]) -> dict[int, int]:
    """Return those of the rows of these indexes, as far as anybody counted them. One query."""
    holding = Q()
    for index in indexes:
        holding |= Q(first_row__lte=index, first_row__gt=index - F("rows"))
    chunks = ImportChunk.objects.filter(holding, bulk_import_id=import_id, lines__isnull=False)
    found: dict[int, int] = {}
    for first_row, rows, packed in chunks.values_list("first_row", "rows", "lines"):
        lines = unpack(packed, rows) or []
        found |= {n: lines[n - first_row] for n in indexes if 0 <= n - first_row < rows}
    return found if indexes else {}


def lines_between(import_id: UUID, first: int, last: int) -> dict[int, int]:
    """Return those of the rows from one index to another, as far as anybody counted them, and of
    more where that is no effort. One query.
    """
    chunks = ImportChunk.objects.filter(
        bulk_import_id=import_id,
        lines__isnull=False,
        first_row__lte=last,
        first_row__gt=first - F("rows"),
    )
    found: dict[int, int] = {}
    for first_row, rows, packed in chunks.values_list("first_row", "rows", "lines"):
        found |= enumerate(unpack(packed, rows) or (), first_row)
    return found


class Lines:
    """Those of an import's rows, one at a time and in any order.

    The runs of all its chunks are read when the first is asked for: of most files they are few.
    """

    def __init__(self, import_id: UUID) -> None:
        self._import_id = import_id

    def at(self, index: int) -> int | None:
        """Return that of the row of this index; None if nobody counted it."""
        rows, lines = self._starts
        run = bisect_right(rows, index) - 1
        return lines[run] + index - rows[run] if run >= 0 else None

    @cached_property
    def _starts(self) -> "tuple[array[int], array[int]]":
        """The index of the row with which each run begins, and its line."""
        rows, lines = array("L"), array("L")
        chunks = ImportChunk.objects.filter(bulk_import_id=self._import_id)
        for first_row, packed in chunks.order_by("first_row").values_list("first_row", "lines"):
            runs = _runs.decode(packed) if packed else ()
            rows.extend(first_row + place for place in runs[::2])
            lines.extend(runs[1::2])
        return rows, lines


def lines_of(import_id: UUID) -> Sequence[int]:
    """Return those of all rows; none if nobody counted them, or they are pruned."""
    lines = array("L")
    chunks = ImportChunk.objects.filter(bulk_import_id=import_id, lines__isnull=False)
    for packed, rows in chunks.order_by("first_row").values_list("lines", "rows"):
        lines.extend(unpack(packed, rows) or ())
    return lines


def lines_to_retry(import_id: UUID, indexes: Iterable[int]) -> Iterator[int]:
    """Yield those of the rows of these indexes; none if nobody counted them."""
    if lines := lines_of(import_id):
        yield from map(lines.__getitem__, indexes)
