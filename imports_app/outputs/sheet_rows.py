"""Fills the first sheet of a workbook, while it is sent."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from html import escape
from io import BytesIO, RawIOBase
from itertools import islice
from zipfile import ZIP_DEFLATED, ZipFile

from imports_app.outputs.workbook import MAX_CHARACTERS

SHEET = "xl/worksheets/sheet1.xml"
END = b"</sheetData>"
DIMENSION = re.compile(rb"<dimension [^>]*/>")  # would end with the header
ROWS_A_PIECE = 500
EXACT_DIGITS = 15  # that a spreadsheet's number keeps
# What XML has no form for, and what looks like the form that spreadsheets have for it.
ESCAPED = re.compile("[\x00-\x08\x0b\x0c\r\x0e-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")
NO_FORM = re.compile("[\ud800-\udfff\ufffe\uffff]")

Cell = str | int | float | Decimal | None


class _Outgoing(RawIOBase):
    """Holds what was written until it is taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, piece: "bytes | memoryview") -> int:  # type: ignore[override]  # any buffer
        """Take the piece."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """Return what was written since, and forget it."""
        content = b"".join(self._pieces)
        self._pieces.clear()
        return content


def filled(empty: bytes, lines: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield the workbook with these lines behind the header of its first sheet."""
    out = _Outgoing()
    with ZipFile(BytesIO(empty)) as source, ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as to:
        for name in source.namelist():
            if name != SHEET:
                to.writestr(name, source.read(name))
                continue
            head, end, tail = DIMENSION.sub(b"", source.read(name)).partition(END)
            with to.open(name, "w", force_zip64=True) as sheet:
                sheet.write(head)
                for piece in _rows(lines):
                    sheet.write(piece)
                    yield out.taken()
                sheet.write(end + tail)
            yield out.taken()
    yield out.taken()


def has_room(text: str) -> bool:
    """Return whether a cell can hold that text."""
    return len(text) <= MAX_CHARACTERS and not NO_FORM.search(text)


def _rows(lines: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    numbered = enumerate(lines, 2)
    while some := list(islice(numbered, ROWS_A_PIECE)):
        yield "".join(_row(number, line) for number, line in some).encode()


def _row(number: int, line: Sequence[Cell]) -> str:
    cells = "".join(_cell(f"{_letters(place)}{number}", cell) for place, cell in enumerate(line))
    return f'<row r="{number}">{cells}</row>'


def _cell(place: str, value: Cell) -> str:
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float | Decimal):
        text = f"{value:f}" if isinstance(value, Decimal) else str(value)
        if sum(map(str.isdigit, text)) <= EXACT_DIGITS or isinstance(value, float):
            return f'<c r="{place}"><v>{text}</v></c>'
        value = text
    if value is None or not has_room(value):
        return ""
    text = escape(ESCAPED.sub(_escape, value), quote=False)
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _escape(match: "re.Match[str]") -> str:
    return f"_x{ord(match[0]):04X}_"


@cache
def _letters(place: int) -> str:
    """Return what a spreadsheet calls that column, from 0."""
    high, low = divmod(place, 26)
    return (_letters(high - 1) if high else "") + chr(ord("A") + low)
