"""Records as a spreadsheet that can be changed and imported again, made while it is sent."""

from django.http import StreamingHttpResponse

from imports_app.exceptions import BeyondSheets
from imports_app.importer import Importer
from imports_app.outputs.record_table import RecordTable
from imports_app.outputs.sheet_rows import filled
from imports_app.outputs.workbook import MAX_ROWS, MEDIA_TYPE, workbook


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
