"""The records of a delimited text (RFC 4180, with delimiters of other kinds)."""

import csv
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain, dropwhile, islice

from imports_app.conf import conf
from imports_app.inputs.file_options import DELIMITERS
from imports_app.inputs.refusals import InputsRefused, refused
from imports_app.inputs.text_lines import TextLines

MAX_RECORDS_A_ROW = 10  # a sheet's empty lines are commas only: so many of them, and no more
SEP = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE | re.DOTALL)
LOOKED_AT = 20  # lines, for the delimiter

csv.field_size_limit(sys.maxsize)  # it is the records that are measured here


class Records(Iterator[list[str]]):
    """The records that have any value, each at most conf.max_row_bytes characters long.

    Attributes:
        line: where the record in hand starts, from 1.
        delimiter: the one that was given, or found.
        is_certain: whether the file or its sender says so.
    """

    def __init__(
        self,
        lines: TextLines,
        delimiter: str | None = None,
        is_known: Callable[[str], bool] = bool,
    ) -> None:
        self.line = 1
        self._text = lines
        self._record: list[str] = []
        head = list(islice(_numbered(lines), LOOKED_AT))
        sep_line = SEP.fullmatch(head[0][1]) if head else None
        if sep_line and sep_line[1] in DELIMITERS:
            head = head[1:]
            delimiter = delimiter or sep_line[1]
        self.is_certain = delimiter is not None
        self.delimiter = delimiter or found([line for _, line in head], is_known)
        self._strict = _record_of(self.delimiter)
        self._lines = chain(head, _numbered(lines))
        self._reader = csv.reader(self._measured(), strict=True, delimiter=self.delimiter)
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
            return self._loosely()
        record = "".join(self._record)
        if '"' in record and not self._strict.fullmatch(record):
            return self._loosely()
        return cells

    def _loosely(self) -> list[str]:
        """Return the cells of a record that has blanks around a quoted cell, which are none of
        it.
        """
        record = "".join(self._record)
        if not _loose_record_of(self.delimiter).fullmatch(record):
            raise self._malformed()
        cells = (match[1] for match in _loose_cell_of(self.delimiter).finditer(record))
        return [_unquoted(cell) for cell in cells]

    def _measured(self) -> Iterator[str]:
        """Yield the lines of the records, noted in `_record`; blank ones between them are left
        out.
        """
        limit = conf.max_row_bytes
        size = 0
        for number, line in self._lines:
            if not self._record:
                if line.isspace():
                    continue
                self.line, size = number, 0
            size += len(line)
            if size > limit:
                raise self.too_big()
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


def found(lines: list[str], is_known: Callable[[str], bool]) -> str:
    """Return the delimiter of a text that begins so: the one by which most names of its header are
    known, or else by which most lines have as many cells as that.
    """
    head = [line for line in lines if not line.isspace()]
    if not head:
        return DELIMITERS[0]
    return max(DELIMITERS, key=lambda delimiter: _rank(delimiter, head, is_known))


def _rank(
    delimiter: str, lines: list[str], is_known: Callable[[str], bool]
) -> tuple[int, bool, int, int]:
    cut = [_cells(line, delimiter) for line in lines]
    header, *others = [*dropwhile(lambda cells: not any(cells), cut)] or cut
    known = sum(map(is_known, header))
    width = len(header)
    alike = sum(len(cells) == width for cells in others) if width > 1 else 0
    return (known if width > 1 else min(known, 1), width > 1, alike, width)


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])


def _numbered(lines: TextLines) -> Iterator[tuple[int, str]]:
    for line in lines:
        yield lines.number, line


def _unquoted(cell: str) -> str:
    text = cell.strip(" \r\n")
    return text[1:-1].replace('""', '"') if text.startswith('"') else cell.rstrip("\r\n")


QUOTED = r'"[^"]*+(?:""[^"]*+)*+"'


@cache
def _record_of(delimiter: str) -> "re.Pattern[str]":
    """Match a record. Stricter than Python's reader, which takes a quote inside an unquoted cell
    as it is.
    """
    mark = re.escape(delimiter)
    cell = rf'(?:{QUOTED}|[^"{mark}]*+)'
    return re.compile(rf"{cell}(?:{mark}{cell})*+[\r\n]*+")


@cache
def _loose_record_of(delimiter: str) -> "re.Pattern[str]":
    """Match a record with blanks before and behind its quoted cells."""
    mark = re.escape(delimiter)
    cell = rf'(?: *+{QUOTED} *+|[^"{mark}]*+)'
    return re.compile(rf"{cell}(?:{mark}{cell})*+[\r\n]*+")


@cache
def _loose_cell_of(delimiter: str) -> "re.Pattern[str]":
    mark = re.escape(delimiter)
    return re.compile(rf'(?:^|{mark})( *+{QUOTED} *+|[^"{mark}]*+)')
