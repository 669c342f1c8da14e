"""The paths of events, webhooks and callbacks with their operations."""

from typing import Any

from imports_app.api.events.callbacks import TYPE as CALLBACKS
from imports_app.api.events.events import TYPE as EVENTS
from imports_app.api.events.views import EventCallbackViewSet, EventViewSet, WebhookViewSet
from imports_app.api.events.webhooks import TYPE as WEBHOOKS
from imports_app.api.openapi.documents import one, page
from imports_app.api.openapi.operations import (
    Operation,
    Paths,
    document,
    operation,
    request_body,
    tagged,
)
from imports_app.api.openapi.parameters import (
    IF_MATCH,
    IF_NONE_MATCH,
    Parameter,
    fields,
    in_path,
    include,
    of_listing,
)

IMPORT_ID = in_path("id", "The import's id; it may be gone by now.")
EVENT_ID = in_path("id", "The event's id.")
WEBHOOK_ID = in_path("id", "The webhook's id.")
CALLBACK_ID = in_path("id", "The callback's id.")
BODY = (409, 413, 415, 422)

# The component that a view answers with, and those that can be included.
SHOWN: dict[Any, tuple[str, tuple[str, ...]]] = {
    EventViewSet: ("Event", ("EventCallback", "Webhook")),
    WebhookViewSet: ("Webhook", ("EventCallback",)),
    EventCallbackViewSet: ("EventCallback", ("Webhook",)),
}


def event_paths() -> Paths:
    """Return the paths of events, webhooks and callbacks."""
    events, webhooks, callbacks = EventViewSet, WebhookViewSet, EventCallbackViewSet
    return {
        "/api/imports/{id}/events": {"get": _list(events, "EventsOfImport", IMPORT_ID)},
        "/api/events": {"get": _list(events, "Events")},
        "/api/events/{id}": {"get": _retrieve(events, EVENT_ID), "patch": _fire_event()},
        "/api/events/{id}/webhooks": {"get": _list(webhooks, "WebhooksOfEvent", EVENT_ID)},
        "/api/events/{id}/last_event_callbacks": {
            "get": _list(callbacks, "CallbacksOfEvent", EVENT_ID)
        },
        "/api/webhooks": {"get": _list(webhooks, "Webhooks"), "post": _create_webhook()},
        "/api/webhooks/{id}": {
            "get": _retrieve(webhooks, WEBHOOK_ID),
            "patch": _update_webhook(),
            "delete": _delete_webhook(),
        },
        "/api/webhooks/{id}/last_event_callbacks": {
            "get": _list(callbacks, "CallbacksOfWebhook", WEBHOOK_ID)
        },
        "/api/event_callbacks": {"get": _list(callbacks, "EventCallbacks")},
        "/api/event_callbacks/{id}": {"get": _retrieve(callbacks, CALLBACK_ID)},
        "/api/event_callbacks/{id}/webhook": {"get": _retrieve_webhook_of_callback()},
    }


def _list(view: Any, name: str, *path: Parameter) -> Operation:
    component, included = SHOWN[view]
    words = {EVENTS: "what happened", WEBHOOKS: "who is told", CALLBACKS: "what was sent"}
    return operation(
        f"list{name}",
        f"List {words[view.resource_name]}",
        tag=view.resource_name,
        scope=view.required_scopes["GET"],
        parameters=[*path, *of_listing(view()), *_shown(view)],
        answers={"200": document("A page.", page(component, included))},
        refused=(404,) if path else (),
    )


def _retrieve(view: Any, *path: Parameter) -> Operation:
    component, included = SHOWN[view]
    return operation(
        f"retrieve{component}",
        f"Retrieve one of the {view.resource_name}",
        tag=view.resource_name,
        scope=view.required_scopes["GET"],
        parameters=[*path, *_shown(view), IF_NONE_MATCH],
        answers=tagged(document("The resource.", one(component, included))),
        refused=(404,),
    )


def _shown(view: Any) -> list[Parameter]:
    return [fields(view.resource_name), *include(view.relations)]


def _fire_event() -> Operation:
    return operation(
        "fireEvent",
        "Send an event to webhooks again",
        tag=EVENTS,
        scope=EventViewSet.required_scopes["PATCH"],
        parameters=[EVENT_ID, *_shown(EventViewSet), IF_MATCH],
        body=request_body("EventUpdate", "Whether to."),
        answers={"200": document("The event.", one("Event", SHOWN[EventViewSet][1]))},
        refused=(404, 412, *BODY),
    )


def _create_webhook() -> Operation:
    location = {"description": "The webhook's URL.", "schema": {"type": "string", "format": "uri"}}
    answer = document("It is made.", one("Webhook", ("EventCallback",)), {"Location": location})
    return operation(
        "createWebhook",
        "Have a URL called when something happens to imports",
        tag=WEBHOOKS,
        scope=WebhookViewSet.required_scopes["POST"],
        parameters=_shown(WebhookViewSet),
        body=request_body("WebhookCreate", "What to call, and when."),
        answers={"201": answer},
        refused=BODY,
    )


def _update_webhook() -> Operation:
    return operation(
        "updateWebhook",
        "Change, disable or enable a webhook, or close its circuit",
        tag=WEBHOOKS,
        scope=WebhookViewSet.required_scopes["PATCH"],
        parameters=[WEBHOOK_ID, *_shown(WebhookViewSet), IF_MATCH],
        body=request_body("WebhookUpdate", "What to change."),
        answers={"200": document("The webhook.", one("Webhook", ("EventCallback",)))},
        refused=(404, 412, *BODY),
    )


def _delete_webhook() -> Operation:
    return operation(
        "deleteWebhook",
        "Delete a webhook with its callbacks",
        tag=WEBHOOKS,
        scope=WebhookViewSet.required_scopes["DELETE"],
        parameters=[WEBHOOK_ID, *_shown(WebhookViewSet), IF_MATCH],
        answers={"204": {"description": "It is gone."}},
        refused=(404, 412),
    )


def _retrieve_webhook_of_callback() -> Operation:
    return operation(
        "retrieveWebhookOfCallback",
        "Retrieve the webhook that a callback goes to",
        tag=WEBHOOKS,
        scope=WebhookViewSet.required_scopes["GET"],
        parameters=[CALLBACK_ID, *_shown(WebhookViewSet), IF_NONE_MATCH],
        answers=tagged(document("The webhook.", one("Webhook", ("EventCallback",)))),
        refused=(404,),
    )
