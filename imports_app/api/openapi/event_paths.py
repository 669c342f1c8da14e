"""The paths of events with their operations."""

from imports_app.api.events.events import TYPE as EVENTS
from imports_app.api.events.views import EventViewSet
from imports_app.api.openapi.documents import one, page
from imports_app.api.openapi.operations import Operation, Paths, document, operation, tagged
from imports_app.api.openapi.parameters import IF_NONE_MATCH, fields, in_path, of_listing
from imports_app.api.openapi.schemas import DATETIME, JsonSchema, resource
from imports_app.models import Topic

EVENT_ID = in_path("id", "The event's id.")
IMPORT_ID = in_path("id", "The import's id; it may be gone by now.")
READ = EventViewSet.required_scopes["GET"]


def event_paths() -> Paths:
    """Return the paths of what happened to imports."""
    return {
        "/api/imports/{id}/events": {"get": _list_events_of_import()},
        "/api/events": {"get": _list_events()},
        "/api/events/{id}": {"get": _retrieve_event()},
    }


def event_schemas() -> dict[str, JsonSchema]:
    """Return the components of these paths."""
    attributes: JsonSchema = {
        "name": {"type": "string", "enum": Topic.values, "description": "What happened."},
        "created_at": {**DATETIME, "description": "When it happened."},
        "updated_at": {**DATETIME, "description": "When it was last fired."},
    }
    return {"Event": resource(EVENTS, attributes, relationships={})}


def _list_events_of_import() -> Operation:
    return operation(
        "listEventsOfImport",
        "List what happened to an import",
        tag=EVENTS,
        scope=READ,
        parameters=[IMPORT_ID, *of_listing(EventViewSet()), fields(EVENTS)],
        answers={"200": document("A page of events.", page("Event"))},
        refused=(404,),
    )


def _list_events() -> Operation:
    return operation(
        "listEvents",
        "List what happened to imports",
        tag=EVENTS,
        scope=READ,
        parameters=[*of_listing(EventViewSet()), fields(EVENTS)],
        answers={"200": document("A page of events.", page("Event"))},
    )


def _retrieve_event() -> Operation:
    return operation(
        "retrieveEvent",
        "Retrieve an event",
        tag=EVENTS,
        scope=READ,
        parameters=[EVENT_ID, fields(EVENTS), IF_NONE_MATCH],
        answers=tagged(document("The event.", one("Event"))),
        refused=(404,),
    )
