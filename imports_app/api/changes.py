"""A page of an import's changes, or all of them as a CSV file."""

from collections.abc import Callable
from functools import partial
from itertools import product, starmap
from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.fields import CharField, ReadOnlyField
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from imports_app.api.base_view import BaseView
from imports_app.api.errors import standard_error
from imports_app.api.lookup import import_or_404, visible_imports
from imports_app.api.pagination import PageNumberPagination
from imports_app.api.parameters import PAGES, bad_parameter, fields_parameter, refuse_unknown
from imports_app.api.renderers import CsvRenderer
from imports_app.api.resources import ResourceSerializer
from imports_app.models.choices import Scope
from imports_app.outputs.changes import UNREADABLE, why_unreadable
from imports_app.outputs.csv_changes import csv_changes
from imports_app.outputs.selection import Conditions, Test, entries, page_of
from imports_app.permissions import check_view
from imports_app.registry import importers

TYPE = "changes"
ATTRIBUTES = ("action", "key")
MATCHERS: dict[str, Callable[[str], Test]] = {
    "eq": lambda text: text.__eq__,
    "in": lambda text: {*text.split(",")}.__contains__,
    "start": lambda text: lambda value: value.startswith(text),
}
PARAMETER = "filter[q][{}_{}]"
FILTERS = tuple(starmap(PARAMETER.format, product(ATTRIBUTES, MATCHERS)))
PARAMETERS = (*PAGES, *FILTERS, fields_parameter(TYPE))
COLUMNS = ("mode", "resource_type", "dry_run")


class ChangeSerializer(ResourceSerializer):
    """Shows an Entry: what an import did to one record."""

    id = CharField()
    resource_type = ReadOnlyField()
    index = ReadOnlyField()
    line = ReadOnlyField()
    key = ReadOnlyField()
    action = ReadOnlyField()
    record_id = ReadOnlyField()
    changes = ReadOnlyField()

    class Meta:
        resource_name = TYPE


class ChangeViewSet(BaseView, GenericViewSet[Any]):
    """The changes of one import, in the order of its rows."""

    required_scopes = {"GET": Scope.READ}
    serializer_class = ChangeSerializer
    pagination_class = PageNumberPagination
    renderer_classes = (*BaseView.renderer_classes, CsvRenderer)

    def list(self, request: Request, pk: str) -> HttpResponseBase:
        """Return the page, or the file if that is what the client accepts."""
        refuse_unknown(request.query_params, PARAMETERS)
        import_ = import_or_404(visible_imports(self.caller).only(*COLUMNS), pk)
        if importer := importers.find(import_.resource_type):
            check_view(self.caller.user, importer)
        conditions = _conditions(request)
        try:
            if isinstance(request.accepted_renderer, CsvRenderer):
                return csv_changes(import_, entries(import_, conditions))
            paginator = self.pagination_class()
            page = paginator.paginate_found(partial(page_of, import_, conditions), request)
        except UNREADABLE as error:
            raise standard_error(404, why_unreadable(error)) from None
        return paginator.get_paginated_response(self.get_serializer(page, many=True).data)


def _conditions(request: Request) -> Conditions:
    tests: dict[str, list[Test]] = {name: [] for name in ATTRIBUTES}
    for name, matcher in product(ATTRIBUTES, MATCHERS):
        parameter = PARAMETER.format(name, matcher)
        for text in request.query_params.getlist(parameter):
            if not text:
                raise bad_parameter(parameter, "needs a value")
            tests[name].append(MATCHERS[matcher](text))
    return Conditions(**tests)
