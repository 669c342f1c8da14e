"""The rows of a CSV (RFC 4180): one JSON object each, its cells as they were sent."""

import csv
import re
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO, TextIOWrapper
from typing import Any

import msgspec

from imports_app.api.csv_header import Path, read_header
from imports_app.api.documents import INPUTS, NULL, RawInputs
from imports_app.api.errors import ApiErrors, standard_error, validation_error
from imports_app.conf import conf
from imports_app.engine.cells import SURPLUS

BOM = "\ufeff"
# The column that a file of failed rows has, and the apostrophe that such a file has in front of
# what a spreadsheet would take for a formula.
ERRORS = "errors"
ESCAPED = re.compile(r"'+[=+\-@\t\r\n]")
# Stricter than Python's own reader, which takes a quote inside an unquoted cell as it is.
CELL = r'(?:"[^"]*+(?:""[^"]*+)*+"|[^",]*+)'
RECORD = re.compile(rf"{CELL}(?:,{CELL})*+[\r\n]*+")

MAX_RECORDS_A_ROW = 10  # a sheet's empty lines are commas only: so many of them, and no more

csv.field_size_limit(sys.maxsize)  # it is the records that are measured here


def csv_rows(inputs: RawInputs | None) -> list[bytes]:
    """Each row's JSON text. Raises ApiErrors that name the line of what is wrong.

    An empty cell is absent. Cells beyond the header are kept under SURPLUS, so that the row fails
    when its turn comes. Lines without any value are no rows.
    """
    if inputs is None or inputs.text == NULL:
        raise refused(inputs, "blank", "can't be blank")
    if bytes(memoryview(inputs.text)[:1]) != b'"':
        raise refused(inputs, "invalid", "must be a string, as the format is csv")
    records = _Records(inputs)
    header = next(records, None)
    if header is None:
        raise refused(inputs, "blank", "can't be blank")
    rows = _collected(records, inputs, header)
    if not rows:
        raise refused(inputs, "blank", "has a header, but no rows")
    return rows


def refused(inputs: RawInputs | None, error: str, message: str) -> ApiErrors:
    """The 422 about the text as a whole."""
    pointer = inputs.pointer if inputs else None
    return ApiErrors([validation_error(INPUTS, error, message, pointer=pointer)])


class _Records(Iterator[list[str]]):
    """The records that have any value, each at most conf.max_row_bytes characters long.

    Attributes:
        line: where the record in hand starts, from 1.
    """

    def __init__(self, inputs: RawInputs) -> None:
        # Bytes, and read line by line: as a StringIO the text would take four times the memory.
        text = msgspec.json.decode(inputs.take(), type=str).removeprefix(BOM).encode()
        self.line = 1
        self._inputs = inputs
        self._record: list[str] = []
        self._lines = TextIOWrapper(BytesIO(text), encoding="utf-8", newline="")
        self._reader = csv.reader(self._measured(), strict=True)
        self._left = MAX_RECORDS_A_ROW * conf.max_rows

    def __next__(self) -> list[str]:
        while not any(cells := self._next()):
            self._left -= 1
            if not self._left:
                raise refused(self._inputs, "too_many", "has too many lines without a value")
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
        """The lines of the records, noted in `_record`; blank ones between them are left out."""
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
            self._record.append(line)
            yield line

    def too_big(self) -> ApiErrors:
        """The 422 for the record in hand."""
        limit = conf.max_row_bytes
        message = f"has a row that is too big at line {self.line} (maximum is {limit} bytes)"
        return refused(self._inputs, "too_big", message)

    def _malformed(self) -> ApiErrors:
        message = f"has a quote that is stray or not closed, in the row at line {self.line}"
        return refused(self._inputs, "malformed", message)


def _collected(records: _Records, inputs: RawInputs, header: Sequence[str]) -> list[bytes]:
    """The rows, as long as they stay within the limits that rows sent as JSON have."""
    paths = read_header(header, inputs)
    build = _nested if any(len(path) > 1 for path in paths) else _flat
    mended = (ERRORS,) in paths
    max_rows, max_bytes, total = conf.max_rows, conf.max_row_bytes, conf.max_request_bytes
    rows: list[bytes] = []
    for cells in records:
        if len(rows) == max_rows:
            raise refused(inputs, "too_many", f"must not be more than {max_rows} rows")
        row = build(paths, [*map(_unescaped, cells)] if mended else cells)
        if len(cells) > len(paths):
            row[SURPLUS] = cells[len(paths) :]
        text = msgspec.json.encode(row)
        if len(text) > max_bytes:
            raise records.too_big()
        # Each row repeats the names of its columns: a small body could become a huge one.
        total -= len(text)
        if total < 0:
            limit = conf.max_request_bytes
            raise standard_error(413, f"The rows are too large as JSON (maximum is {limit} bytes).")
        rows.append(text)
    return rows


def _unescaped(cell: str) -> str:
    return cell[1:] if ESCAPED.match(cell) else cell


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
