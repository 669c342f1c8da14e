"""Events, webhooks and callbacks, as they are shown, created and changed."""

from imports_app.api.events.callbacks import TYPE as CALLBACKS
from imports_app.api.events.events import TRIGGER, trigger_field
from imports_app.api.events.events import TYPE as EVENTS
from imports_app.api.events.webhooks import LAST_CALLBACKS, request_fields
from imports_app.api.events.webhooks import TYPE as WEBHOOKS
from imports_app.api.openapi import schemas
from imports_app.api.openapi.schemas import (
    DATETIME,
    JsonSchema,
    or_null,
    record,
    resource,
    to_many,
)
from imports_app.events.fan_out import INCLUDABLE
from imports_app.models import CallbackStatus, Topic

TEXT: JsonSchema = {"type": "string"}
COUNT: JsonSchema = {"type": "integer", "minimum": 0}
TOPIC: JsonSchema = {"type": "string", "enum": Topic.values}
TIMES: JsonSchema = {"created_at": DATETIME, "updated_at": DATETIME}
INCLUDED: JsonSchema = {"type": "array", "items": {"type": "string", "enum": list(INCLUDABLE)}}

VERSION: JsonSchema = {
    **COUNT,
    "description": "Different after each change; compared with If-Match.",
}


def event_schemas() -> dict[str, JsonSchema]:
    """Return the components of events, webhooks and callbacks."""
    return {
        "Event": _event(),
        "EventUpdate": _request(EVENTS, {TRIGGER: schemas.sent(trigger_field())}, id_=True),
        "Webhook": _webhook(),
        "WebhookCreate": _request(WEBHOOKS, _sent(new=True), required=("topic", "callback_url")),
        "WebhookUpdate": _request(WEBHOOKS, _sent(new=False), id_=True),
        "EventCallback": _callback(),
    }


def _event() -> JsonSchema:
    attributes = {
        "name": {**TOPIC, "description": "What happened."},
        "created_at": {**DATETIME, "description": "When it happened."},
        "updated_at": {**DATETIME, "description": "When it was last fired."},
    }
    related = {WEBHOOKS: to_many(WEBHOOKS), LAST_CALLBACKS: to_many(CALLBACKS)}
    return resource(EVENTS, attributes, relationships=related, version=VERSION)


def _webhook() -> JsonSchema:
    attributes = {
        "name": or_null(TEXT),
        "topic": {**TOPIC, "description": "The topic of the events that it is sent."},
        "callback_url": {**TEXT, "description": "The URL that callbacks are posted to."},
        "include_resources": {
            **INCLUDED,
            "description": "The resources that callbacks include besides the import.",
        },
        "disabled_at": {**or_null(DATETIME), "description": "The time since when nothing is sent."},
        "circuit_state": {"type": "string", "enum": ["closed", "open"]},
        "circuit_failure_count": {**COUNT, "description": "The number of failed tries in a row."},
        "shared_secret": {
            **or_null(TEXT),
            "description": "The secret that callbacks are signed with.",
        },
        **TIMES,
    }
    related = {LAST_CALLBACKS: to_many(CALLBACKS)}
    return resource(WEBHOOKS, attributes, relationships=related, version=VERSION)


def _callback() -> JsonSchema:
    attributes = {
        "callback_url": TEXT,
        "payload": {"type": "object", "description": "The document that is sent."},
        "response_code": {**or_null(TEXT), "description": "The status of the last answer."},
        "response_message": {
            **or_null(TEXT),
            "description": "The first KiB of the last answer, or why there was none.",
        },
        "status": {"type": "string", "enum": CallbackStatus.values},
        "tries": COUNT,
        **TIMES,
    }
    identifier = record({"type": {"const": WEBHOOKS}, "id": TEXT})
    links = record({"related": {"type": "string", "format": "uri"}})
    webhook = record({"data": identifier, "links": links})
    return resource(CALLBACKS, attributes, relationships={"webhook": webhook})


def _sent(*, new: bool) -> JsonSchema:
    fields = request_fields(new=new)
    del fields["include_resources"]  # its kind of field is the webhook's alone
    return {
        **{name: schemas.sent(field) for name, field in fields.items()},
        "include_resources": or_null(INCLUDED),
    }


def _request(
    type_: str, attributes: JsonSchema, *, required: tuple[str, ...] = (), id_: bool = False
) -> JsonSchema:
    members: JsonSchema = {
        "type": {"const": type_},
        "attributes": {
            "type": "object",
            "properties": attributes,
            "required": list(required),
            "additionalProperties": False,
        },
        "relationships": {"type": "object", "maxProperties": 0},
    }
    if id_:
        members["id"] = {"type": "string", "description": "That of the URL."}
    needed = ["type", *(["attributes"] if required else []), *(["id"] if id_ else [])]
    return record({"data": {**record(members), "required": needed}})
