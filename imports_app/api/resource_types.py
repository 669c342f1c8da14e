"""`GET /api/resource_types` and `…/<type>`: what can be imported, and what its rows look like."""

from functools import cache
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from imports_app.api.conditions import tagged
from imports_app.api.importers import importer_or_404
from imports_app.api.pagination import PageNumberPagination
from imports_app.api.parameters import PAGES, fields_parameter, refuse_unknown, requested_fields
from imports_app.engine.types import Link, json_schema, schema_for
from imports_app.importer import Importer
from imports_app.models.scopes import Scope
from imports_app.registry import importers
from imports_app.secrecy.hidden import secrets_of

TYPE = "resource_types"
PARAMETERS = (fields_parameter(TYPE),)


class ResourceTypeView(APIView):
    """What the listing and the single type share."""

    required_scopes = {"GET": Scope.READ}
    resource_name = False  # the renderer leaves the document as it is

    def resource(self, importer: Importer) -> dict[str, Any]:
        """The type as a resource object, whose id is its name."""
        name = importer.resource_type
        wanted = requested_fields(self.request, TYPE)
        url = self.request.build_absolute_uri(reverse("resource_type", args=[name]))
        attributes = attributes_of(importer)
        return {
            "type": TYPE,
            "id": name,
            "links": {"self": url},
            "attributes": {
                attribute: value
                for attribute, value in attributes.items()
                if wanted is None or attribute in wanted
            },
            "relationships": {},
        }


class ResourceTypeListView(ResourceTypeView):
    """The registered types by name, a page at a time."""

    def get(self, request: Request) -> Response:
        """A page of them."""
        refuse_unknown(request.query_params, (*PAGES, *PARAMETERS))
        paginator = PageNumberPagination()
        page = paginator.paginate_sequence(list(importers), request)
        data = [self.resource(importer) for importer in page]
        return Response({"data": data, "links": paginator.links(), "meta": paginator.meta()})


class ResourceTypeDetailView(ResourceTypeView):
    """One type."""

    def get(self, request: Request, resource_type: str) -> HttpResponse:
        """The type of that name."""
        refuse_unknown(request.query_params, PARAMETERS)
        return tagged(request, {"data": self.resource(importer_or_404(resource_type))})


def attributes_of(importer: Importer) -> dict[str, Any]:
    """What is said of a type: its key, parent and relations, and a JSON Schema of its rows."""
    schema = schema_for(importer)
    parent = schema.links_by_name[importer.parent] if importer.parent else None
    return {
        "key": list(importer.key),
        "parent": parent and _target(parent),
        "relations": {
            link.name: {
                "type": _target(link),
                "forms": [form.attribute for form in link.forms],
                "required": link.relation.required,
            }
            for link in schema.links
        },
        "row_schema": row_schema(importer),
    }


@cache
def row_schema(importer: Importer) -> dict[str, Any]:
    """JSON Schema of a row that creates a record; what comes back nowhere is `writeOnly` in it."""
    document = json_schema(schema_for(importer))
    for name in secrets_of(importer) & document["properties"].keys():
        document["properties"][name]["writeOnly"] = True
    return document


def _target(link: Link) -> str | None:
    target = importers.for_model(link.relation.to)
    return target.resource_type if target else None
