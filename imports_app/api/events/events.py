"""The event as a resource object, and the request to fire one again."""

from collections.abc import Mapping
from typing import Any

from rest_framework.fields import CharField, ReadOnlyField
from rest_framework.request import Request

from imports_app.api.events.callbacks import TYPE as CALLBACKS
from imports_app.api.events.callbacks import EventCallbackSerializer
from imports_app.api.events.webhooks import LAST_CALLBACKS, WebhookSerializer
from imports_app.api.events.webhooks import TYPE as WEBHOOKS
from imports_app.api.fields import BooleanField
from imports_app.api.relations import RelatedSerializer
from imports_app.api.request_documents import attributes_of, check_id, document_of
from imports_app.api.response_fields import UtcDateTimeField
from imports_app.models import Event

TYPE = "events"
TRIGGER = "_trigger"


class EventSerializer(RelatedSerializer):
    """Shows an event: what happened, and when."""

    id = CharField()
    name = ReadOnlyField()
    created_at = UtcDateTimeField()
    updated_at = UtcDateTimeField()

    related = {WEBHOOKS: WEBHOOKS, LAST_CALLBACKS: CALLBACKS}
    included_serializers: Mapping[str, Any] = {
        WEBHOOKS: WebhookSerializer,
        LAST_CALLBACKS: EventCallbackSerializer,
    }

    class Meta:
        resource_name = TYPE

    def resource_meta(self, event: Event) -> dict[str, Any]:
        """Return its mode, if there are modes, and its version."""
        return {**(super().resource_meta(event) or {}), "version": event.version}


def trigger_field() -> BooleanField:
    """Return the field that says whether the event is to be fired again."""
    return BooleanField(required=False, allow_null=True)


def is_triggered(request: Request, pk: str) -> bool:
    """Return whether the request asks to fire the event of that id again."""
    document = document_of(request)
    check_id(document, TYPE, pk)
    read_only = ("name", "created_at", "updated_at")
    return bool(attributes_of(document, {TRIGGER: trigger_field()}, read_only).get(TRIGGER))
