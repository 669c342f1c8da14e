"""Records as a CSV file that can be changed and imported again."""

from collections.abc import Iterator
from decimal import Decimal

from django.http import StreamingHttpResponse

from imports_app.inputs.csv_cells import SIGN, harmless
from imports_app.inputs.number_cells import is_ambiguous
from imports_app.outputs.csv_failures import encoded
from imports_app.outputs.record_table import Cell, RecordTable


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
