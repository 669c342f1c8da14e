"""`GET /api/resource_types` and `…/<type>`: what can be imported, and what its rows look like."""

from functools import cache
from typing import Any

from rest_framework.fields import CharField, ReadOnlyField, SerializerMethodField
from rest_framework.request import Request
from rest_framework.response import Response

from imports_app.addresses import address
from imports_app.api.importers import importer_for, importers_of
from imports_app.api.pagination import PageNumberPagination
from imports_app.api.parameters import PAGES, fields_parameter, refuse_unknown
from imports_app.api.resources import ResourceSerializer
from imports_app.api.single_resources import TaggedViewSet
from imports_app.engine.types import Link, json_schema, schema_for
from imports_app.importer import Importer
from imports_app.models.choices import Scope
from imports_app.registry import importers
from imports_app.secrecy.hidden import secrets_of

TYPE = "resource_types"
PARAMETERS = (fields_parameter(TYPE),)


class ResourceTypeSerializer(ResourceSerializer):
    """Shows a type: its key, parent and relations, and a JSON Schema of its rows."""

    id = CharField(source="resource_type")
    key = ReadOnlyField()
    parent = SerializerMethodField()
    relations = SerializerMethodField()
    row_schema = SerializerMethodField()

    class Meta:
        resource_name = TYPE

    def get_parent(self, importer: Importer) -> str | None:
        """Return the parent's resource type."""
        if not importer.parent:
            return None
        return _target(schema_for(importer).links_by_name[importer.parent])

    def get_relations(self, importer: Importer) -> dict[str, Any]:
        """Return each relation's target type, and the attributes by which a row may name it."""
        return {
            link.name: {
                "type": _target(link),
                "forms": [form.attribute for form in link.forms],
                "required": link.relation.required,
            }
            | ({"parts": [form.attribute for form in link.parts]} if link.parts else {})
            for link in schema_for(importer).links
        }

    def get_row_schema(self, importer: Importer) -> dict[str, Any]:
        """See `row_schema`."""
        return row_schema(importer)

    def resource_links(self, instance: Importer) -> dict[str, Any]:
        """Return the type's own URL."""
        path = address("resource_type-detail", instance.resource_type)
        return {"self": self.context["request"].build_absolute_uri(path)}

    def resource_meta(self, instance: Any) -> None:
        """Return None, because types have no mode."""


class ResourceTypeViewSet(TaggedViewSet):
    """The registered types; the id of one is its name."""

    required_scopes = {"GET": Scope.READ}
    serializer_class = ResourceTypeSerializer
    lookup_url_kwarg = "resource_type"
    lookup_value_regex = "[^/]+"

    def list(self, request: Request) -> Response:
        """Return a page of the types, by name."""
        refuse_unknown(request.query_params, (*PAGES, *PARAMETERS))
        paginator = PageNumberPagination()
        page = paginator.paginate_sequence(importers_of(self.caller), request)
        return paginator.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, resource_type: str) -> Response:
        """Return the type of that name."""
        refuse_unknown(request.query_params, PARAMETERS)
        return Response(self.get_serializer(importer_for(self.caller, resource_type)).data)


@cache
def row_schema(importer: Importer) -> dict[str, Any]:
    """Return the JSON Schema of a row that creates a record; secret attributes are `writeOnly`."""
    document = json_schema(schema_for(importer))
    for name in secrets_of(importer) & document["properties"].keys():
        document["properties"][name]["writeOnly"] = True
    return document


def _target(link: Link) -> str | None:
    target = importers.for_model(link.relation.to)
    return target.resource_type if target else None
