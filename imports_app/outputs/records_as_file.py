"""Records as a file, in either form: for clients and for staff."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from imports_app.outputs.csv_records import csv_records
from imports_app.outputs.record_table import RecordTable
from imports_app.outputs.record_types import RecordType
from imports_app.outputs.xlsx_records import xlsx_records


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
