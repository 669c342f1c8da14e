"""Reads a spreadsheet in a process of its own, whose memory is limited; see sheets.py.

Run as a script, with the spreadsheet as standard input and its arguments: the name of a sheet or
nothing, and bytes of memory. It writes lines of JSON: what it found, and then a row each.
"""

import html
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any

import msgspec
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

CPU_SECONDS = 300
EXACT = 2**53  # up to there floats hold every integer
SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
ERROR_CELL = re.compile(
    rb'<c\b(?=[^>]*\st="e")[^>]*\sr="([A-Z]{1,3})([0-9]{1,7})"[^>]*>(?:(?!</c>).)*?<v>([^<]*)</v>',
    re.DOTALL,
)
ODS_ERROR = b'calcext:value-type="error"'

Row = list[Any]
Errors = dict[int, dict[int, str]]


def main() -> None:
    """Write the rows of the sheet that is asked for, or of the first one that has any."""
    wanted, limit = sys.argv[1], int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    stream = sys.stdin.buffer
    stream.seek(0)  # whoever opened it has looked into it
    workbook = CalamineWorkbook.from_filelike(stream)
    sheet = _sheet(workbook, wanted)
    if sheet is None:
        _write([{"sheet": None, "sheets": _names(workbook)}])
        return
    _write([{"sheet": sheet.name, "sheets": _names(workbook)}])
    errors = _errors(stream, sheet.name)
    _write(_row(row, errors.get(number, {})) for number, row in enumerate(_rows(sheet), 1))


def _write(values: Iterable[Any]) -> None:
    encode = msgspec.json.encode
    out = sys.stdout.buffer
    for value in values:
        out.write(encode(value) + b"\n")
    out.flush()


def _names(workbook: CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


def _sheet(workbook: CalamineWorkbook, wanted: str) -> CalamineSheet | None:
    if wanted:
        return workbook.get_sheet_by_name(wanted) if wanted in workbook.sheet_names else None
    for name in _names(workbook):
        sheet = workbook.get_sheet_by_name(name)
        if sheet.height:
            return sheet
    return None


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    """Yield the rows from the sheet's first one on, so that their numbers are those of lines."""
    first_row, first_column = sheet.start or (0, 0)
    yield from ([] for _ in range(first_row))
    for row in sheet.iter_rows():
        yield [""] * first_column + row


def _row(cells: Row, errors: dict[int, str]) -> Row:
    values = [_value(cell) for cell in cells]
    for column, error in errors.items():
        values += [""] * (column + 1 - len(values))
        values[column] = error
    return values


def _value(cell: Any) -> Any:
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) <= EXACT else cell
    if isinstance(cell, datetime):
        text = cell.isoformat()
        return text.removesuffix("T00:00:00")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else cell


def _errors(stream: IO[bytes], name: str) -> Errors:
    """Return the errors that formulas came to, by row and column, which calamine leaves empty."""
    stream.seek(0)
    if not zipfile.is_zipfile(stream):
        return {}
    with zipfile.ZipFile(stream) as archive:
        if "xl/workbook.xml" in archive.namelist():
            return _errors_in(archive.read(_path(archive, name)))
        if ODS_ERROR in archive.read("content.xml"):
            sys.exit("errors")
    return {}


def _path(archive: zipfile.ZipFile, name: str) -> str:
    sheets = map(_attributes, SHEET.findall(archive.read("xl/workbook.xml")))
    ids = {html.unescape(each["name"]): each["r:id"] for each in sheets if "r:id" in each}
    related = map(_attributes, RELATIONSHIP.findall(archive.read("xl/_rels/workbook.xml.rels")))
    targets = {each["Id"]: each["Target"] for each in related}
    target = targets[ids[name]]
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _attributes(tag: bytes) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in ATTRIBUTE.findall(tag)}


def _errors_in(text: bytes) -> Errors:
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


if __name__ == "__main__":
    main()
