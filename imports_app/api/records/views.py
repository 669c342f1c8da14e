"""`GET /api/<resource_type>` and `…/<id>`: the records of every registered type, read-only."""

from functools import cached_property
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_json_api.views import ReadOnlyModelViewSet

from imports_app.api.errors import standard_error
from imports_app.api.filters import AttributeFilterBackend, FilterAttribute
from imports_app.api.importers import importer_for, importer_or_404
from imports_app.api.pagination import PageNumberPagination
from imports_app.api.parameters import (
    INCLUDE,
    LISTING,
    bad_parameter,
    fields_parameter,
    quoted,
    refuse_unknown,
    requested_fields,
    requested_includes,
)
from imports_app.api.records.selection import filter_attributes, read_through, selected
from imports_app.api.records.serializers import RecordSerializer, serializer_for
from imports_app.api.renderers import FILES, XlsxRenderer
from imports_app.api.single_resources import TaggedViewSet
from imports_app.api.sorting import SortBackend
from imports_app.importer import Importer
from imports_app.models.choices import Scope
from imports_app.models.ids import ascend, parse_id
from imports_app.outputs.record_files import records_as_file
from imports_app.outputs.record_types import RecordType, record_type_for
from imports_app.permissions import check_live, check_view
from imports_app.registry import importers


class RecordViewSet(TaggedViewSet, ReadOnlyModelViewSet):  # type: ignore[misc]
    """The records of the type that the URL names. A type that isn't registered is a 404."""

    required_scopes = {"GET": Scope.READ}
    filter_backends = (AttributeFilterBackend, SortBackend)
    pagination_class = PageNumberPagination
    lookup_url_kwarg = "record_id"
    lookup_value_regex = ".+?"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check the parameters once the caller is known."""
        super().initial(request, *args, **kwargs)
        if request.method in self.allowed_methods:  # else the answer is a 405
            importer_for(self.caller, self.kwargs["resource_type"])
            listing = LISTING if self.action == "list" else ()
            known = (*listing, fields_parameter(self.record_type.name), INCLUDE)
            refuse_unknown(request.query_params, known)
            self.included = requested_includes(request, self.record_type.relationships)
            self._check_permissions()

    @cached_property
    def importer(self) -> Importer:
        """The importer of the type."""
        return importer_or_404(self.kwargs["resource_type"])

    @cached_property
    def record_type(self) -> RecordType:
        """The type that the URL names."""
        return record_type_for(self.importer)

    @property
    def filter_attributes(self) -> dict[str, FilterAttribute]:
        """The attributes that the listing can be filtered and sorted by."""
        return filter_attributes(self.record_type)

    @property
    def ids_ascend(self) -> bool:
        """Whether later records have higher ids, for the default order."""
        return ascend(self.record_type.schema.pk)

    @property
    def queryset(self) -> QuerySet[Any]:  # type: ignore[override]  # each request has its own
        """The type's records that the client may see, with the columns that are shown."""
        wanted = self._wanted(self.record_type)
        records = self._visible(self.record_type)
        return selected(records, self.record_type, wanted=wanted, included=self.included)

    def get_prefetch_related(self, include: str) -> "list[Prefetch[Any]] | None":
        """Return what fetches an included relation in one query; the library's hook."""
        target = self.record_type.targets.get(include)
        if target is None:
            return None
        link = self.record_type.schema.links_by_name[include]
        wanted = self._wanted(self.record_type)
        shown = selected(
            self._visible(target),
            target,
            wanted=self._wanted(target),
            also=(link.target_field.name, *read_through(include, self.record_type, wanted)),
        )
        return [Prefetch(include, shown)]

    def get_serializer_class(self) -> type[RecordSerializer]:
        """Return the type's own serializer."""
        return serializer_for(self.record_type)

    def get_renderers(self) -> "list[BaseRenderer]":
        """Return the renderers; a listing may be a file, too. DRF's hook."""
        files = FILES if self.action == "list" else ()
        return [*super().get_renderers(), *(renderer() for renderer in files)]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the page, or all records as a file if that is what the client accepts."""
        if isinstance(request.accepted_renderer, FILES):
            records = self.filter_queryset(self._visible(self.record_type))
            return file_of(request, records, self.record_type)
        response: Response = super().list(request, *args, **kwargs)
        return response

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the record, wrapped like a page.

        Otherwise an attribute called `links`, `meta` or `results` would be taken for the document's
        member.
        """
        return Response({"results": self.get_serializer(self.get_object()).data})

    def get_object(self) -> Any:
        """Return the record of that id, if the client may see it."""
        record_id = self.kwargs["record_id"]
        pk = parse_id(self.record_type.schema.pk, record_id)
        record = self.get_queryset().filter(pk=pk).first()
        if record is None:
            raise standard_error(404, f"There is no record {quoted(record_id)}.")
        return record

    def _check_permissions(self) -> None:
        caller = self.caller
        check_live(caller.user, caller.mode)
        for importer in (self.importer, *map(self._target, self.included)):
            check_view(caller.user, importer)

    def _target(self, relation: str) -> Importer:
        return importers.get(self.record_type.relationships[relation])

    def _visible(self, record_type: RecordType) -> QuerySet[Any]:
        return record_type.schema.records(self.caller.mode)

    def _wanted(self, record_type: RecordType) -> frozenset[str] | None:
        return requested_fields(self.request, record_type.name)


def file_of(request: Request, records: QuerySet[Any], type_: RecordType) -> StreamingHttpResponse:
    """Return all records in one file, with the requested columns."""
    if INCLUDE in request.query_params:
        raise bad_parameter(INCLUDE, "can't be had in a file")
    wanted = requested_fields(request, type_.name)
    is_sheet = isinstance(request.accepted_renderer, XlsxRenderer)
    return records_as_file(records, type_, wanted, is_sheet=is_sheet)
