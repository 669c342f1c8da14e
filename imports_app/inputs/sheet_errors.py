"""Finds the cells whose formulas came to an error, such as #N/A, which calamine leaves empty.

Run by sheet_process.py, in its process.
"""

import html
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from struct import Struct, unpack_from
from typing import IO
from xml.etree.ElementTree import Element, iterparse

SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
ERROR_CELL = re.compile(
    rb'<c\b(?=[^>]*\st="e")[^>]*\sr="([A-Z]{1,3})([0-9]{1,7})"[^>]*>(?:(?!</c>).)*?<v>([^<]*)</v>',
    re.DOTALL,
)
ODS_ERROR = b'calcext:value-type="error"'
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
PARAGRAPH = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
ODS_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"

# An old spreadsheet is a file of files, in sectors that are chained by tables of their numbers.
SECTOR_SHIFT, TABLE_SECTORS, NO_SECTOR = 30, 76, 0xFFFFFFFA
SMALL, SMALL_SECTOR = 4_096, 64  # bytes: smaller files are in a chain of their own, of such sectors
ENTRY = 128  # bytes of a folder's entry
WORKBOOK = ("Workbook", "Book")
RECORD = Struct("<HH")
CELL = Struct("<HH")
BEGIN, END, BOUND_SHEET = 0x809, 0x0A, 0x85
FORMULA, VALUE = 0x06, 0x205
XLS_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!"} | {
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}

Errors = dict[int, dict[int, str]]


def errors_of(stream: IO[bytes], name: str, place: int) -> Errors:
    """Return the errors in a sheet, by row from 1 and column from 0.

    `place` is that of the sheet among all, from 0.
    """
    stream.seek(0)
    if not zipfile.is_zipfile(stream):
        stream.seek(0)
        return _of_xls(stream.read(), place)
    with zipfile.ZipFile(stream) as archive:
        if "xl/workbook.xml" in archive.namelist():
            return _of_xlsx(archive.read(_path(archive, name)))
        content = archive.read("content.xml")
    return _of_ods(content, name) if ODS_ERROR in content else {}


def _path(archive: zipfile.ZipFile, name: str) -> str:
    sheets = map(_attributes, SHEET.findall(archive.read("xl/workbook.xml")))
    ids = {html.unescape(each["name"]): each["r:id"] for each in sheets if "r:id" in each}
    related = map(_attributes, RELATIONSHIP.findall(archive.read("xl/_rels/workbook.xml.rels")))
    targets = {each["Id"]: each["Target"] for each in related}
    target = targets[ids[name]]
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _attributes(tag: bytes) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in ATTRIBUTE.findall(tag)}


def _of_xlsx(text: bytes) -> Errors:
    errors: Errors = {}
    if b't="e"' in text:
        for letters, number, value in ERROR_CELL.findall(text):
            errors.setdefault(int(number), {})[_column(letters)] = html.unescape(value.decode())
    return errors


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _of_ods(content: bytes, name: str) -> Errors:
    errors: Errors = {}
    found: dict[int, str] = {}  # in the row at hand
    row = column = 0
    is_wanted = False
    # Whatever the text claims, this process has its limits.
    for event, element in iterparse(BytesIO(content), ("start", "end")):  # noqa: S314
        if event == "start" and element.tag == f"{TABLE}table":
            is_wanted, row = element.get(f"{TABLE}name") == name, 1
        elif event == "start" and element.tag == f"{TABLE}table-row":
            column, found = 0, {}
        elif event == "end" and element.tag in CELLS:
            end = column + _repeated(element, "columns")
            if is_wanted and element.get(ODS_TYPE) == "error":
                found.update(dict.fromkeys(range(column, end), _word(element)))
            column = end
        elif event == "end" and element.tag == f"{TABLE}table-row":
            times = _repeated(element, "rows")
            if found:
                errors.update(dict.fromkeys(range(row, row + times), found))
            row += times
            element.clear()
    return errors


def _repeated(element: Element, what: str) -> int:
    return int(element.get(f"{TABLE}number-{what}-repeated", "1"))


def _word(cell: Element) -> str:
    return "".join(part for line in cell.findall(PARAGRAPH) for part in line.itertext())


def _of_xls(data: bytes, place: int) -> Errors:
    book = _Folder(data).file(WORKBOOK)
    offsets = [
        unpack_from("<I", book, at)[0] for kind, at in _records(book, 0) if kind == BOUND_SHEET
    ]
    errors: Errors = {}
    for kind, at in _records(book, offsets[place]):
        if (code := _code(book, kind, at)) is not None:
            row, column = CELL.unpack_from(book, at)
            errors.setdefault(row + 1, {})[column] = XLS_ERRORS.get(code, "#UNKNOWN!")
    return errors


def _code(book: bytes, kind: int, at: int) -> int | None:
    """Return what a record of a cell says of its error; None if it is no error, or no cell."""
    if kind == VALUE and book[at + 7]:
        return book[at + 6]
    if kind == FORMULA and book[at + 6] == 2 and book[at + 12 : at + 14] == b"\xff\xff":  # noqa: PLR2004
        return book[at + 8]
    return None


def _records(book: bytes, at: int) -> Iterator[tuple[int, int]]:
    """Yield the records of one part, each with where its content is; without the parts in it."""
    depth = 0
    while at + RECORD.size <= len(book):
        kind, size = RECORD.unpack_from(book, at)
        at += RECORD.size
        depth += (kind == BEGIN) - (kind == END)
        if not depth:
            return
        if depth == 1:
            yield kind, at
        at += size


class _Folder:
    """The file of files."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._size = 1 << unpack_from("<H", data, SECTOR_SHIFT)[0]
        entries, self._first_small = unpack_from("<I8xI", data, 48)
        self._next = self._numbers(b"".join(map(self._sector, self._tables())))
        self._entries = self._chain(entries)

    def file(self, names: tuple[str, ...]) -> bytes:
        """Return the file that is called so. Raises LookupError."""
        at = next(at for at in range(0, len(self._entries), ENTRY) if self._name(at) in names)
        start, size = unpack_from("<II", self._entries, at + 116)
        if size >= SMALL:
            return self._chain(start)[:size]
        whole = self._chain(unpack_from("<I", self._entries, 116)[0])
        small = self._numbers(self._chain(self._first_small))
        cut = (whole[n * SMALL_SECTOR :][:SMALL_SECTOR] for n in _followed(start, small))
        return b"".join(cut)[:size]

    def _name(self, at: int) -> str:
        length = max(unpack_from("<H", self._entries, at + 64)[0] - 2, 0)
        return self._entries[at : at + length].decode("utf-16-le", "replace")

    def _tables(self) -> Iterator[int]:
        """Yield the sectors that say which sector follows which."""
        numbers = unpack_from("<109I", self._data, TABLE_SECTORS)
        (further,) = unpack_from("<I", self._data, 68)
        while True:
            yield from (number for number in numbers if number < NO_SECTOR)
            if further >= NO_SECTOR:
                return
            following = self._numbers(self._sector(further))
            numbers, further = following[:-1], following[-1]

    def _sector(self, number: int) -> bytes:
        return self._data[(number + 1) * self._size : (number + 2) * self._size]

    def _chain(self, start: int) -> bytes:
        return b"".join(map(self._sector, _followed(start, self._next)))

    def _numbers(self, text: bytes) -> tuple[int, ...]:
        return unpack_from(f"<{len(text) // 4}I", text)


def _followed(number: int, following: tuple[int, ...]) -> Iterator[int]:
    left = len(following)  # a chain that bites its tail ends, too
    while number < NO_SECTOR and left:
        yield number
        number = following[number]
        left -= 1
