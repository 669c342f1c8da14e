"""The paths of the API and their operations."""

from imports_app.api.openapi.documents import one, page
from imports_app.api.openapi.event_paths import event_paths
from imports_app.api.openapi.import_paths import import_paths
from imports_app.api.openapi.operations import (
    JSON,
    Operation,
    Paths,
    document,
    operation,
    public,
    tagged,
)
from imports_app.api.openapi.parameters import IF_NONE_MATCH, PAGE, fields, in_path
from imports_app.api.openapi.record_paths import record_paths
from imports_app.api.resource_types import TYPE as RESOURCE_TYPES
from imports_app.api.resource_types import ResourceTypeViewSet
from imports_app.callers import caller_source
from imports_app.registry import importers


def paths() -> Paths:
    """Return all paths, those of each resource type included."""
    found = {
        **caller_source().paths(),
        "/api/application": {"get": _application()},
        "/api/organization": {"get": _organization()},
        **import_paths(),
        "/api/resource_types": {"get": _list_resource_types()},
        "/api/resource_types/{resource_type}": {"get": _retrieve_resource_type()},
        "/api/schema": {"get": _schema()},
        **event_paths(),
    }
    for importer in importers:
        found |= record_paths(importer)
    return found


def _application() -> Operation:
    return operation(
        "retrieveApplication",
        "Who the token belongs to",
        tag="application",
        parameters=[fields("applications"), IF_NONE_MATCH],
        answers=tagged(document("The client.", one("Application"))),
    )


def _organization() -> Operation:
    return operation(
        "retrieveOrganization",
        "Whom the client belongs to",
        tag="application",
        parameters=[fields("organizations"), IF_NONE_MATCH],
        answers=tagged(document("The organization.", one("Organization"))),
    )


def _list_resource_types() -> Operation:
    return operation(
        "listResourceTypes",
        "List what can be imported",
        tag=RESOURCE_TYPES,
        scope=ResourceTypeViewSet.required_scopes["GET"],
        parameters=[*PAGE, fields(RESOURCE_TYPES)],
        answers={"200": document("A page of them.", page("ResourceType"))},
    )


def _retrieve_resource_type() -> Operation:
    return operation(
        "retrieveResourceType",
        "Retrieve a type with the JSON Schema of its rows",
        tag=RESOURCE_TYPES,
        scope=ResourceTypeViewSet.required_scopes["GET"],
        parameters=[
            in_path("resource_type", "The type's name."),
            fields(RESOURCE_TYPES),
            IF_NONE_MATCH,
        ],
        answers=tagged(document("The type.", one("ResourceType"))),
        refused=(404,),
    )


def _schema() -> Operation:
    answer = {"description": "This document.", "content": {JSON: {"schema": {"type": "object"}}}}
    return public("retrieveSchema", "This document", tag="schema", answers={"200": answer})
