"""The rows of a CSV (RFC 4180): one JSON object each, its cells as they were sent."""

import csv
import re
import sys
from collections.abc import Iterator, Sequence
from io import BufferedReader, BytesIO, TextIOWrapper
from typing import Any

import msgspec

from imports_app.conf import conf
from imports_app.inputs.csv_cells import SIGN, restored
from imports_app.inputs.csv_header import Path, read_header
from imports_app.inputs.limits import ROW_DEPTH, too_many_rows
from imports_app.inputs.refusals import InputsRefused, TooLarge, refused
from imports_app.models.chunks import SURPLUS

# Stricter than Python's own reader, which takes a quote inside an unquoted cell as it is.
CELL = r'(?:"[^"]*+(?:""[^"]*+)*+"|[^",]*+)'
RECORD = re.compile(rf"{CELL}(?:,{CELL})*+[\r\n]*+")

MAX_RECORDS_A_ROW = 10  # a sheet's empty lines are commas only: so many of them, and no more

csv.field_size_limit(sys.maxsize)  # it is the records that are measured here


def csv_rows(text: BytesIO | BufferedReader, *, depth: int = ROW_DEPTH) -> list[bytes]:
    """Return each row's JSON text. `depth` is how much each row stands in.

    An empty cell is absent. Cells beyond the header are kept under SURPLUS, so that the row fails
    when its turn comes. Lines without any value are no rows. Raises InputsRefused that names the
    line of what is wrong, and TooLarge.
    """
    records = Records(text)
    header = next(records, None)
    if header is None:
        raise refused("blank", "can't be blank")
    rows = _collected(records, header, depth)
    if not rows:
        raise refused("blank", "has a header, but no rows")
    return rows


class Records(Iterator[list[str]]):
    """The records that have any value, each at most conf.max_row_bytes characters long.

    Attributes:
        line: where the record in hand starts, from 1.
    """

    def __init__(self, text: BytesIO | BufferedReader) -> None:
        self.line = 1
        self._record: list[str] = []
        # Line by line: as a StringIO the text would take four times the memory. What is not UTF-8
        # is let through here, to be found where the line's number is known.
        self._lines = TextIOWrapper(
            text, encoding="utf-8-sig", errors="surrogateescape", newline=""
        )
        self._reader = csv.reader(self._measured(), strict=True)
        self._left = MAX_RECORDS_A_ROW * conf.max_rows

    def __next__(self) -> list[str]:
        while not any(cells := self._next()):
            self._left -= 1
            if not self._left:
                raise refused("too_many", "has too many lines without a value")
        return cells

    def _next(self) -> list[str]:
        self._record.clear()
        try:
            cells = next(self._reader)
        except csv.Error:
            raise self._malformed() from None
        record = "".join(self._record)
        if '"' in record and not RECORD.fullmatch(record):
            raise self._malformed()
        return cells

    def _measured(self) -> Iterator[str]:
        """Yield the lines of the records, noted in `_record`; blank ones between them are left
        out.
        """
        limit = conf.max_row_bytes
        size = 0
        for number, line in enumerate(self._lines, 1):
            if not self._record:
                if line.isspace():
                    continue
                self.line, size = number, 0
            size += len(line)
            if size > limit:
                raise self.too_big()
            if not line.isascii():
                _check_utf8(line, number)
            self._record.append(line)
            yield line

    def too_big(self) -> InputsRefused:
        """Return the refusal of the record in hand."""
        limit = conf.max_row_bytes
        message = f"has a row that is too big at line {self.line} (maximum is {limit} bytes)"
        return refused("too_big", message)

    def _malformed(self) -> InputsRefused:
        message = f"has a quote that is stray or not closed, in the row at line {self.line}"
        return refused("malformed", message)


def _check_utf8(line: str, number: int) -> None:
    try:
        line.encode()
    except UnicodeEncodeError:
        raise refused("malformed", f"has text that is not UTF-8 at line {number}") from None


def _collected(records: Records, header: Sequence[str], depth: int) -> list[bytes]:
    """Return the rows, as long as they stay within the limits that rows sent as JSON have."""
    sign = _place_of_sign(header)
    paths = read_header(_restored(header, sign), depth)
    build = _nested if any(len(path) > 1 for path in paths) else _flat
    max_rows, max_bytes, total = conf.max_rows, conf.max_row_bytes, conf.max_request_bytes
    rows: list[bytes] = []
    for record in records:
        if len(rows) == max_rows:
            raise too_many_rows()
        cells = _restored(record, sign)
        row = build(paths, cells)
        if len(cells) > len(paths):
            row[SURPLUS] = cells[len(paths) :]
        text = msgspec.json.encode(row)
        if len(text) > max_bytes:
            raise records.too_big()
        # Each row repeats the names of its columns: a small body could become a huge one.
        total -= len(text)
        if total < 0:
            limit = conf.max_request_bytes
            raise TooLarge(f"is too large when its rows are JSON (maximum is {limit} bytes)")
        rows.append(text)
    return rows


def _place_of_sign(header: Sequence[str]) -> int | None:
    """Return which column says that what looks like a formula is quoted, in a file that we gave
    out.
    """
    return next((n for n, cell in enumerate(header) if cell.strip() == SIGN), None)


def _restored(cells: Sequence[str], sign: int | None) -> Sequence[str]:
    """Return the cells without what we added to them; those of any other file as they are."""
    if sign is None:
        return cells
    return [restored(cell) for place, cell in enumerate(cells) if place != sign]


def _flat(paths: Sequence[Path], cells: Sequence[str]) -> dict[str, Any]:
    return {path[0]: cell for path, cell in zip(paths, cells, strict=False) if cell}


def _nested(paths: Sequence[Path], cells: Sequence[str]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for path, cell in zip(paths, cells, strict=False):
        if cell:
            place = row
            for name in path[:-1]:
                place = place.setdefault(name, {})
            place[path[-1]] = cell
    return row
