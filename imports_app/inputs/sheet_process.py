"""Reads a spreadsheet in a process of its own, whose memory is limited; see sheets.py.

Run as a script, with the spreadsheet as standard input and its arguments: the name of a sheet or
nothing, and bytes of memory. It writes lines of JSON: what it found, and then some rows each, with
their numbers and their text as a CSV.
"""

import csv
import resource
import runpy
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from io import StringIO
from math import isfinite
from pathlib import Path
from typing import Any

import msgspec
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

CPU_SECONDS = 300
ERRORS = Path(__file__).with_name("sheet_errors.py")  # nothing of this folder can be imported here
PIECE = 64 * 1024  # characters of a CSV that are written at once
NO_NUMBER = "#NUM!"  # what spreadsheets show of a number that is none
EXACT = 2**53  # up to there floats hold every integer
Row = list[Any]


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
    place = workbook.sheet_names.index(sheet.name)
    errors = runpy.run_path(str(ERRORS))["errors_of"](stream, sheet.name, place)
    rows = (_row(row, errors.get(number, {})) for number, row in enumerate(_rows(sheet), 1))
    _write(_pieces(rows))


def _pieces(rows: Iterable[Row]) -> Iterator[tuple[list[int], list[Row], str]]:
    """Yield the rows that have any value, some at a time."""
    numbers: list[int] = []
    some: list[Row] = []
    text = StringIO()
    write = csv.writer(text, lineterminator="\r\n").writerow
    for number, row in enumerate(rows, 1):
        # Most rows have a cell that is neither 0 nor False, which `any` finds on its own.
        if not any(row) and all(cell in ("", None) for cell in row):
            continue
        numbers.append(number)
        some.append(row)
        has_truth = bool in map(type, row)
        write([str(c).lower() if isinstance(c, bool) else c for c in row] if has_truth else row)
        if text.tell() > PIECE:
            yield numbers, some, text.getvalue()
            numbers, some = [], []
            text.seek(0)
            text.truncate()
    if some:
        yield numbers, some, text.getvalue()


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
    """Yield the rows from the sheet's first one on, and their cells from its first column on.

    calamine gives the rows above those that have a cell, but not the columns before.
    """
    _, first_column = sheet.start or (0, 0)
    for row in sheet.iter_rows():
        yield [""] * first_column + row


def _row(cells: Row, errors: dict[int, str]) -> Row:
    values = [cell if type(cell) is str else _value(cell) for cell in cells]
    for column, error in errors.items():
        values += [""] * (column + 1 - len(values))
        values[column] = error
    return values


def _value(cell: Any) -> Any:
    if isinstance(cell, float):
        if cell.is_integer():
            return int(cell) if -EXACT <= cell <= EXACT else cell
        return cell if isfinite(cell) else NO_NUMBER  # JSON has no others
    if isinstance(cell, datetime):
        text = cell.isoformat()
        return text.removesuffix("T00:00:00")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else cell


if __name__ == "__main__":
    main()
