"""The event callback as a resource object."""

import json
from collections.abc import Mapping
from typing import Any

from rest_framework.fields import CharField, ReadOnlyField, SerializerMethodField

from imports_app.api.relations import RelatedSerializer
from imports_app.api.response_fields import UtcDateTimeField
from imports_app.models import EventCallback

TYPE = "event_callbacks"
WEBHOOK = "webhook"


class EventCallbackSerializer(RelatedSerializer):
    """Shows what was sent to a webhook, and what came of it."""

    id = CharField()
    callback_url = ReadOnlyField()
    payload = SerializerMethodField()
    response_code = ReadOnlyField()
    response_message = ReadOnlyField()
    status = ReadOnlyField()
    tries = ReadOnlyField()
    created_at = UtcDateTimeField()
    updated_at = UtcDateTimeField()

    related = {WEBHOOK: "webhooks"}
    to_one = (WEBHOOK,)
    # By its name: webhooks include callbacks, too.
    included_serializers: Mapping[str, Any] = {
        WEBHOOK: "imports_app.api.events.webhooks.WebhookSerializer"
    }

    class Meta:
        resource_name = TYPE

    def get_payload(self, callback: EventCallback) -> Any:
        """Return the document that is posted to the webhook."""
        return json.loads(callback.payload)

    def resource_relationships(self, callback: EventCallback) -> dict[str, Any]:
        """Return the relationship to its webhook."""
        if self.wanted is not None and WEBHOOK not in self.wanted:
            return {}
        identifier = {"type": "webhooks", "id": str(callback.webhook_id)}
        links = {"related": f"{self.own_url(callback)}/{WEBHOOK}"}
        return {WEBHOOK: {"data": identifier, "links": links}}
