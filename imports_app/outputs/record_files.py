"""Records as a file that can be changed and imported again, as CSV or as a spreadsheet."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from imports_app.exceptions import BeyondSheets
from imports_app.importer import Importer
from imports_app.inputs.csv_cells import SIGN, harmless
from imports_app.inputs.number_cells import is_ambiguous
from imports_app.outputs.csv_failures import encoded
from imports_app.outputs.record_table import Cell, RecordTable
from imports_app.outputs.record_types import RecordType
from imports_app.outputs.sheet_rows import filled
from imports_app.outputs.workbook import MAX_ROWS, MEDIA_TYPE, workbook


def records_as_file(
    records: QuerySet[Any],
    type_: RecordType,
    wanted: Collection[str] | None = None,
    *,
    is_sheet: bool = False,
) -> StreamingHttpResponse:
    """Return the records, an xlsx or a CSV of those columns of the template that are `wanted`.

    Raises BeyondSheets for a sheet.
    """
    table = RecordTable(records, type_, wanted)
    if is_sheet:
        return xlsx_records(table, type_.schema.importer, type_.name)
    return csv_records(table, type_.name)


def csv_records(table: RecordTable, name: str) -> StreamingHttpResponse:
    """Return the file, made while it is sent. Cells that a spreadsheet would carry out are quoted,
    which the file says by a column of its own.
    """
    quoted = any(harmless(cell) != cell for row in table for cell in row if isinstance(cell, str))
    return StreamingHttpResponse(
        encoded(_lines(table, quoted=quoted)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _lines(table: RecordTable, *, quoted: bool) -> Iterator[list[str]]:
    sign, empty = ([SIGN], [""]) if quoted else ([], [])
    yield [*table.columns, *sign]
    for row in table:
        yield [_text(cell, quoted=quoted) for cell in row] + empty


def _text(cell: Cell, *, quoted: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        safe = harmless(cell)
        return safe if quoted or safe == cell else ""  # it has become a formula since the look
    if isinstance(cell, bool):
        return str(cell).lower()
    text = f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
    return f"{text}0" if is_ambiguous(text) else text  # 1.125 could be a thousand and more


def xlsx_records(table: RecordTable, importer: Importer, name: str) -> StreamingHttpResponse:
    """Return the file: the workbook of the type with the records in its first sheet.

    Raises BeyondSheets.
    """
    if len(table) >= MAX_ROWS:
        raise BeyondSheets(f"A sheet has {MAX_ROWS} rows, and there are {len(table)} records.")
    return StreamingHttpResponse(
        filled(workbook(importer, table.columns), table),
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'},
    )
