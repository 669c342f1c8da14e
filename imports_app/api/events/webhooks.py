"""The webhook as a resource object, and the requests to create and change one."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.fields import CharField, ReadOnlyField
from rest_framework.request import Request

from imports_app.api.documents import Document
from imports_app.api.events.callbacks import TYPE as CALLBACKS
from imports_app.api.events.callbacks import EventCallbackSerializer
from imports_app.api.fields import BooleanField, ChoiceField, TextField
from imports_app.api.relations import RelatedSerializer
from imports_app.api.request_documents import attributes_of, check_id, document_of, new_document
from imports_app.api.resources import AnyField
from imports_app.api.response_fields import UtcDateTimeField
from imports_app.events.destinations import Forbidden, check_destination
from imports_app.events.fan_out import INCLUDABLE
from imports_app.events.signing import secret_of
from imports_app.events.webhooks import DISABLE, ENABLE, TRIGGERS
from imports_app.exceptions import SealBroken
from imports_app.models import Topic, Webhook
from imports_app.models.webhooks import MAX_URL

TYPE = "webhooks"
LAST_CALLBACKS = "last_event_callbacks"


class UrlField(TextField):
    """A callback URL. Its destination is checked now, and again at each delivery."""

    def to_internal_value(self, data: Any) -> str:
        """Return the URL as it was sent."""
        url = super().to_internal_value(data)
        try:
            check_destination(url)
        except Forbidden as refusal:
            raise serializers.ValidationError(str(refusal), "invalid") from None
        return url


class IncludedField(serializers.Field[list[str], Any, list[str], Any]):
    """Names of the resources that a callback includes besides its import."""

    default_error_messages = {
        "invalid": "must be a list of strings",
        "inclusion": f"must be among {', '.join(INCLUDABLE)}",
    }

    def to_internal_value(self, data: Any) -> list[str]:
        """Return the names, each once."""
        if not isinstance(data, list) or not all(isinstance(name, str) for name in data):
            self.fail("invalid")
        if not set(data) <= set(INCLUDABLE):
            self.fail("inclusion")
        return list(dict.fromkeys(data))


def request_fields(*, new: bool) -> dict[str, AnyField]:
    """Return the fields of the attributes that a request may have."""
    triggers = (DISABLE, ENABLE) if new else TRIGGERS
    return {
        "name": TextField(required=False, allow_null=True, allow_blank=True),
        "topic": ChoiceField(Topic.values, required=new),
        "callback_url": UrlField(max_length=MAX_URL, required=new),
        "include_resources": IncludedField(required=False, allow_null=True),
        **{name: BooleanField(required=False, allow_null=True) for name in triggers},
    }


def new_webhook(request: Request) -> dict[str, Any]:
    """Return the attributes of the webhook that the request asks for."""
    document = new_document(request, TYPE, "A webhook")
    return _attributes(document, new=True)


def changes_of(request: Request, pk: str) -> dict[str, Any]:
    """Return the changes that the request asks for, of the webhook of that id."""
    document = document_of(request)
    check_id(document, TYPE, pk)
    return _attributes(document, new=False)


def _attributes(document: Document, *, new: bool) -> dict[str, Any]:
    read_only = WebhookSerializer.READ_ONLY
    values = attributes_of(document, request_fields(new=new), read_only)
    if "include_resources" in values:
        values["include_resources"] = values["include_resources"] or []
    return values


class WebhookSerializer(RelatedSerializer):
    """Shows a webhook, its secret included: whoever sees it may create webhooks, too."""

    id = CharField()
    name = ReadOnlyField()
    topic = ReadOnlyField()
    callback_url = ReadOnlyField()
    include_resources = ReadOnlyField()
    disabled_at = UtcDateTimeField()
    circuit_state = ReadOnlyField()
    circuit_failure_count = ReadOnlyField()
    shared_secret = serializers.SerializerMethodField()
    created_at = UtcDateTimeField()
    updated_at = UtcDateTimeField()

    READ_ONLY = frozenset(
        {"disabled_at", "circuit_state", "circuit_failure_count", "shared_secret"}
        | {"created_at", "updated_at"}
    )

    related = {LAST_CALLBACKS: CALLBACKS}
    included_serializers: Mapping[str, Any] = {LAST_CALLBACKS: EventCallbackSerializer}

    class Meta:
        resource_name = TYPE

    def resource_meta(self, webhook: Webhook) -> dict[str, Any]:
        """Return its mode, if there are modes, and its version."""
        return {**(super().resource_meta(webhook) or {}), "version": webhook.version}

    def get_shared_secret(self, webhook: Webhook) -> str | None:
        """Return the 32 characters; None if they were sealed with a key that is gone."""
        try:
            return secret_of(webhook)
        except SealBroken:
            return None
