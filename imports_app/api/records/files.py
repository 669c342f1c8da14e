"""A listing of records as a file to change and import again."""

from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework.request import Request

from imports_app.api.parameters import INCLUDE, bad_parameter, requested_fields
from imports_app.api.renderers import XlsxRenderer
from imports_app.outputs.record_types import RecordType
from imports_app.outputs.records_as_file import records_as_file


def file_of(request: Request, records: QuerySet[Any], type_: RecordType) -> StreamingHttpResponse:
    """Return all records in one file, with the requested columns."""
    if INCLUDE in request.query_params:
        raise bad_parameter(INCLUDE, "can't be had in a file")
    wanted = requested_fields(request, type_.name)
    is_sheet = isinstance(request.accepted_renderer, XlsxRenderer)
    return records_as_file(records, type_, wanted, is_sheet=is_sheet)
