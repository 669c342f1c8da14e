"""`GET /api/imports/<id>/failures`: the rows that failed, with everything wrong with them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.fields import CharField, ReadOnlyField
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from imports_app.api.base_view import BaseView
from imports_app.api.errors import standard_error
from imports_app.api.lookup import import_or_404, visible_imports
from imports_app.api.pagination import PageNumberPagination
from imports_app.api.parameters import PAGES, fields_parameter, refuse_unknown, requested_fields
from imports_app.api.renderers import FILES, CsvRenderer, XlsxRenderer
from imports_app.api.resources import ResourceSerializer
from imports_app.api.response_fields import StoredJsonField
from imports_app.api.streaming import SplicedView
from imports_app.exceptions import InputsPruned, TooManyColumns
from imports_app.models import Import, RowFailure
from imports_app.models.choices import Scope
from imports_app.outputs.csv_failures import csv_failures
from imports_app.outputs.texts import NULL, row_of
from imports_app.outputs.xlsx_failures import xlsx_failures
from imports_app.registry import importers
from imports_app.storage.failures import failed_rows_of
from imports_app.storage.lines import lines_at

TYPE = "failures"
PARAMETERS = (*PAGES, fields_parameter(TYPE))
COLUMNS = ("mode", "resource_type", "file", "is_undo", "processed_count", "errors_count")


@dataclass(frozen=True)
class FailedRow:
    """A failure of an import.

    Attributes:
        row: the row's JSON text; None if it is pruned or not asked for.
        line: the row's line in the file; None if it came from no file or isn't asked for.
    """

    import_: Import
    failure: RowFailure
    row: bytes | None
    line: int | None = None

    @property
    def id(self) -> str:
        """The failure's id; the database's number would reveal how many other failures exist."""
        return f"{self.import_.pk}-{self.failure.index}"

    def input(self) -> list[bytes]:
        """Return the row without its secrets; null if nobody knows which those are."""
        if self.row is None or self.import_.resource_type not in importers:
            return [NULL]
        return [row_of(self.row, self.import_.resource_type)]

    def errors(self) -> list[bytes]:
        """Return all errors of the row."""
        return [self.failure.errors.encode()]


class FailureSerializer(ResourceSerializer):
    """Shows a FailedRow."""

    id = CharField()
    index = ReadOnlyField(source="failure.index")
    line = ReadOnlyField()
    key = ReadOnlyField(source="failure.key")
    input = StoredJsonField(FailedRow.input)
    errors = StoredJsonField(FailedRow.errors)

    class Meta:
        resource_name = TYPE


class FailureViewSet(SplicedView, GenericViewSet[Any]):
    """The failed rows of one import, in their order: a page of them, or all of them as a file."""

    required_scopes = {"GET": Scope.READ}
    serializer_class = FailureSerializer
    pagination_class = PageNumberPagination
    renderer_classes = (*BaseView.renderer_classes, *FILES)

    def list(self, request: Request, pk: str) -> HttpResponseBase:
        """Return the page, or the file if that is what the client accepts."""
        refuse_unknown(request.query_params, PARAMETERS)
        import_ = import_or_404(visible_imports(self.caller).only(*COLUMNS), pk)
        if isinstance(request.accepted_renderer, CsvRenderer):
            is_sheet = isinstance(request.accepted_renderer, XlsxRenderer)
            return _as_file(import_, is_sheet=is_sheet)
        paginator = self.pagination_class()
        page = paginator.paginate_queryset(import_.failures.all(), request)
        wanted = requested_fields(request, TYPE)
        lines = _lines(import_, page, wanted)
        failed = [
            FailedRow(import_, failure, row, lines.get(failure.index))
            for failure, row in _with_rows(import_, page, wanted)
        ]
        return paginator.get_paginated_response(self.get_serializer(failed, many=True).data)


def _lines(
    import_: Import, page: list[RowFailure], wanted: frozenset[str] | None
) -> Mapping[int, int]:
    if import_.file is None or (wanted is not None and "line" not in wanted):
        return {}
    return lines_at(import_.pk, [failure.index for failure in page])


def _with_rows(
    import_: Import, page: list[RowFailure], wanted: frozenset[str] | None
) -> Iterable[tuple[RowFailure, bytes | None]]:
    if wanted is None or "input" in wanted:
        return failed_rows_of(import_.pk, page)
    return ((failure, None) for failure in page)


def _as_file(import_: Import, *, is_sheet: bool) -> StreamingHttpResponse:
    try:
        return xlsx_failures(import_) if is_sheet else csv_failures(import_)
    except InputsPruned as reason:
        raise standard_error(404, str(reason)) from None
    except TooManyColumns as reason:
        raise standard_error(406, str(reason)) from None
