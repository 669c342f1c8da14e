"""`GET /api/imports/<id>/failures`: the rows that failed, with everything wrong with them."""

from functools import partial
from typing import Any

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from imports_app.api.errors import standard_error
from imports_app.api.lookup import import_or_404, visible_imports
from imports_app.api.pagination import PageNumberPagination
from imports_app.api.parameters import PAGES, fields_parameter, refuse_unknown, requested_fields
from imports_app.api.renderers import CsvRenderer
from imports_app.api.splice import StoredJson
from imports_app.api.streaming import SplicedView
from imports_app.exceptions import InputsPruned, TooManyColumns
from imports_app.models import Import, RowFailure
from imports_app.models.scopes import Scope
from imports_app.outputs.csv_failures import csv_failures
from imports_app.outputs.texts import NULL, row_of
from imports_app.registry import importers
from imports_app.storage.failures import failed_rows_of

TYPE = "failures"
PARAMETERS = (*PAGES, fields_parameter(TYPE))
COLUMNS = ("mode", "resource_type", "processed_count", "errors_count")


class FailureListView(SplicedView, GenericAPIView[Import]):
    """The failed rows of one import, in their order: a page of them, or all as a CSV file."""

    required_scopes = {"GET": Scope.READ}
    pagination_class = PageNumberPagination
    renderer_classes = [*APIView.renderer_classes, CsvRenderer]
    resource_name = False  # the renderer leaves the document as it is

    def get(self, request: Request, pk: str) -> HttpResponseBase:
        """The page, or the file if that is what the client accepts."""
        refuse_unknown(request.query_params, PARAMETERS)
        import_ = import_or_404(visible_imports(request).only(*COLUMNS), pk)
        if isinstance(request.accepted_renderer, CsvRenderer):
            return _as_file(import_)
        paginator = self.pagination_class()
        page = paginator.paginate_queryset(import_.failures.all(), request)
        data = self._resources(import_, page)
        return Response({"data": data, "links": paginator.links(), "meta": paginator.meta()})

    def _resources(self, import_: Import, page: list[RowFailure]) -> list[dict[str, Any]]:
        wanted = requested_fields(self.request, TYPE)
        shows_input = wanted is None or "input" in wanted
        rows = failed_rows_of(import_.pk, page) if shows_input else ((row, None) for row in page)
        return [self._resource(import_, failure, row, wanted) for failure, row in rows]

    def _resource(
        self,
        import_: Import,
        failure: RowFailure,
        row: bytes | None,
        wanted: frozenset[str] | None,
    ) -> dict[str, Any]:
        attributes = {
            "index": failure.index,
            "key": failure.key,
            "input": StoredJson(partial(list, [_shown(row, import_.resource_type)])),
            "errors": StoredJson(partial(list, [failure.errors.encode()])),
        }
        return {
            "type": TYPE,
            # Not the database's number: that would tell how many there are of the other mode.
            "id": f"{import_.pk}-{failure.index}",
            "attributes": {
                name: value
                for name, value in attributes.items()
                if wanted is None or name in wanted
            },
            "relationships": {},
            "meta": {"mode": import_.mode},
        }


def _as_file(import_: Import) -> StreamingHttpResponse:
    try:
        return csv_failures(import_)
    except InputsPruned as reason:
        raise standard_error(404, str(reason)) from None
    except TooManyColumns as reason:
        raise standard_error(406, str(reason)) from None


def _shown(row: bytes | None, resource_type: str) -> bytes:
    """The row without what its type keeps secret; null if that isn't known, or the row is gone."""
    if row is None or resource_type not in importers:
        return NULL
    return row_of(row, resource_type)
