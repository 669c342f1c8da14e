"""The URLs of events, webhooks and callbacks."""

from django.urls import re_path

from imports_app.api.events.views import EventCallbackViewSet, EventViewSet, WebhookViewSet

LIST, RETRIEVE = {"get": "list"}, {"get": "retrieve"}
CHANGE = {"patch": "partial_update"}
EVENT = r"^api/events/(?P<event_id>[^/]+)"

EVENTS = [
    re_path(
        r"^api/imports/(?P<import_id>[^/]+)/events/?$", EventViewSet.as_view({"get": "of_import"})
    ),
    re_path(r"^api/events/?$", EventViewSet.as_view(LIST), name="events"),
    re_path(r"^api/events/(?P<pk>[^/]+)/?$", EventViewSet.as_view(RETRIEVE | CHANGE)),
    re_path(rf"{EVENT}/webhooks/?$", WebhookViewSet.as_view(LIST)),
    re_path(rf"{EVENT}/last_event_callbacks/?$", EventCallbackViewSet.as_view(LIST)),
    re_path(
        r"^api/webhooks/?$", WebhookViewSet.as_view(LIST | {"post": "create"}), name="webhooks"
    ),
    re_path(
        r"^api/webhooks/(?P<pk>[^/]+)/?$",
        WebhookViewSet.as_view(RETRIEVE | CHANGE | {"delete": "destroy"}),
    ),
    re_path(
        r"^api/webhooks/(?P<webhook_id>[^/]+)/last_event_callbacks/?$",
        EventCallbackViewSet.as_view(LIST),
    ),
    re_path(r"^api/event_callbacks/?$", EventCallbackViewSet.as_view(LIST), name="event_callbacks"),
    re_path(r"^api/event_callbacks/(?P<pk>[^/]+)/?$", EventCallbackViewSet.as_view(RETRIEVE)),
    re_path(
        r"^api/event_callbacks/(?P<callback_id>[^/]+)/webhook/?$",
        WebhookViewSet.as_view({"get": "of_callback"}),
    ),
]
