"""`GET /api/<resource_type>` and `…/<id>`: the records of every registered type, read-only."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from imports_app.api.authentication import client_of
from imports_app.api.conditions import tagged
from imports_app.api.errors import standard_error
from imports_app.api.fieldsets import requested_fields
from imports_app.api.filters import AttributeFilterBackend, FilterAttribute
from imports_app.api.importers import importer_or_404
from imports_app.api.pagination import PageNumberPagination
from imports_app.api.parameters import LISTING, fields_parameter, quoted, refuse_unknown
from imports_app.api.records.resource import ResourceObjects
from imports_app.api.records.types import RecordType, record_type_for
from imports_app.api.sorting import SortBackend
from imports_app.models.ids import ascend, parse_id
from imports_app.models.scopes import Scope


class RecordView(GenericAPIView[Any]):
    """What the listing and the single record share. A type that isn't registered is a 404."""

    required_scopes = {"GET": Scope.READ}
    filter_backends = (AttributeFilterBackend, SortBackend)
    pagination_class = PageNumberPagination
    resource_name = False  # the renderer leaves the document as it is

    @cached_property
    def record_type(self) -> RecordType:
        """The type that the URL names."""
        return record_type_for(importer_or_404(self.kwargs["resource_type"]))

    @property
    def filter_attributes(self) -> dict[str, FilterAttribute]:
        """What the filter and sort backends work by."""
        return self.record_type.filter_attributes

    @property
    def fields_parameter(self) -> str:
        """The parameter that has the sparse fieldset."""
        return fields_parameter(self.record_type.name)

    @property
    def ids_ascend(self) -> bool:
        """What the sort backend goes by where nothing else is asked for."""
        return ascend(self.record_type.schema.pk)

    def get_queryset(self) -> QuerySet[Any]:
        """The type's records that the client may see."""
        return self.record_type.schema.records(client_of(self.request).mode)

    def resource_objects(self) -> ResourceObjects:
        """Makes this answer's resource objects."""
        name = self.record_type.name
        return ResourceObjects(
            self.record_type,
            wanted=requested_fields(self.request, name),
            mode=client_of(self.request).mode,
            base_url=self.request.build_absolute_uri(reverse("records", args=[name])),
        )


class RecordListView(RecordView):
    """The records of a type, a page at a time."""

    def get(self, request: Request, resource_type: str) -> Response:
        """A page, filtered and sorted."""
        refuse_unknown(request.query_params, (*LISTING, self.fields_parameter))
        objects = self.resource_objects()
        records = objects.select(self.filter_queryset(self.get_queryset()))
        paginator = self.pagination_class()
        page = paginator.paginate_queryset(records, request)
        data = [objects.resource(record) for record in page]
        return Response({"data": data, "links": paginator.links(), "meta": paginator.meta()})


class RecordDetailView(RecordView):
    """One record."""

    def get(self, request: Request, resource_type: str, record_id: str) -> HttpResponse:
        """The record of that id, if the client may see it."""
        refuse_unknown(request.query_params, [self.fields_parameter])
        objects = self.resource_objects()
        pk = parse_id(self.record_type.schema.pk, record_id)
        record = objects.select(self.get_queryset()).filter(pk=pk).first()
        if record is None:
            raise standard_error(404, f"There is no record {quoted(record_id)}.")
        return tagged(request, {"data": objects.resource(record)})
