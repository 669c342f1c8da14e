"""The failed rows as a spreadsheet, to mend and send again."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec
from django.http import StreamingHttpResponse

from imports_app.exceptions import BeyondSheets
from imports_app.inputs.csv_cells import cell_text
from imports_app.models import Import
from imports_app.outputs.failure_table import ERRORS, LINE, FailureTable
from imports_app.outputs.sheet_rows import Cell, filled, has_room
from imports_app.outputs.workbook import MAX_CHARACTERS, MAX_ROWS, MEDIA_TYPE, table_book

NUMBER = b"-0123456789"  # that a JSON text may begin with, if it is one
MARKS = {b"true": True, b"false": False, b"null": None}


def xlsx_failures(import_: Import) -> StreamingHttpResponse:
    """Return the file, streamed. Raises BeyondSheets, and what FailureTable does."""
    if import_.errors_count >= MAX_ROWS:
        raise BeyondSheets(f"A sheet has {MAX_ROWS} rows, and {import_.errors_count} rows failed.")
    table = FailureTable(import_, lambda text: not has_room(text))
    if table.is_marked:
        detail = (
            f"A spreadsheet's cell holds {MAX_CHARACTERS} characters that XML has, and no more."
        )
        raise BeyondSheets(detail)
    header = [*table.columns, *([LINE] if table.has_lines else []), ERRORS]
    return StreamingHttpResponse(
        filled(table_book(import_.resource_type, header), _lines(table)),
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="failures-{import_.pk}.xlsx"'},
    )


def _lines(table: FailureTable) -> Iterator[Sequence[Cell]]:
    for failed in table:
        place = [failed.line] if table.has_lines else []
        errors = failed.errors[:MAX_CHARACTERS]
        yield [*map(_cell, failed.cells), *place, errors, *failed.surplus]


def _cell(text: bytes) -> Cell:
    """Return a number or a truth value as such, so that nobody takes its point for another sign."""
    if text in MARKS:
        return MARKS[text]
    if text[:1] in NUMBER:
        return msgspec.json.decode(text, type=Decimal) or 0  # whatever a zero's exponent
    return cell_text(text)
