"""Make callbacks of events, one for each webhook with their topic."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from imports_app.addresses import root
from imports_app.callers import caller_source
from imports_app.conf import conf
from imports_app.database import atomic
from imports_app.events.webhooks import silent
from imports_app.models import CallbackStatus, Event, EventCallback, Webhook, shown_mode
from imports_app.models.moments import with_utc

EVENTS_A_TRANSACTION = 200
ATTRIBUTES = ("name", "created_at", "updated_at")
INCLUDABLE = ("events",)  # what a callback may have along with its import


def pass_on() -> int:
    """Make callbacks of all events that have none yet; return how many there are to send.

    Events of one import are made into callbacks in their order: whoever takes some of them waits
    for others who have them in hand.
    """
    made = 0
    while imports := _waiting():
        with atomic():
            made += _passed_on(imports)
    return made


def _waiting() -> list[UUID]:
    oldest = Event.objects.filter(passed_on=False).order_by("fired_at")
    return list(oldest.values_list("bulk_import_id", flat=True)[:EVENTS_A_TRANSACTION])


def _passed_on(imports: Sequence[UUID]) -> int:
    waiting = Event.objects.filter(passed_on=False, bulk_import_id__in=imports)
    events = list(waiting.select_for_update().order_by("bulk_import_id", "rank"))
    wanting = Webhook.objects.filter(topic__in={event.name for event in events})
    webhooks = list(wanting)
    off = silent(webhooks)
    callbacks = [
        _callback(event, webhook, is_silent=webhook.pk in off)
        for event in events
        for webhook in webhooks
        if _wants(webhook, event)
    ]
    EventCallback.objects.bulk_create(callbacks)
    Event.objects.filter(pk__in=[event.pk for event in events]).update(passed_on=True)
    return sum(callback.status == CallbackStatus.PENDING for callback in callbacks)


def _wants(webhook: Webhook, event: Event) -> bool:
    """Return whether the webhook is to be told: of imports that its caller sees, and of nothing
    older than itself.
    """
    if (webhook.mode, webhook.topic) != (event.mode, event.name):
        return False
    own_only = conf.own_only or not caller_source().shares
    sees = not own_only or webhook.caller in (None, event.caller)
    return sees and webhook.created_at <= event.fired_at


def _callback(event: Event, webhook: Webhook, *, is_silent: bool) -> EventCallback:
    status = CallbackStatus.NOT_SENT if is_silent else CallbackStatus.PENDING
    return EventCallback(
        event=event,
        webhook=webhook,
        mode=event.mode,
        import_id=event.bulk_import_id,
        rank=event.rank,
        callback_url=webhook.callback_url,
        body=_with_events(event) if webhook.include_resources else None,
        status=status,
    )


def _with_events(event: Event) -> str:
    """Return the payload with the events of the import until then."""
    earlier = Event.objects.filter(bulk_import_id=event.bulk_import_id, rank__lte=event.rank)
    included = list(_resources(earlier.order_by("rank")))
    document = json.loads(event.payload)
    document["data"]["relationships"]["events"]["data"] = [
        {"type": each["type"], "id": each["id"]} for each in included
    ]
    return json.dumps({**document, "included": included}, ensure_ascii=False)


def _resources(events: Iterable[Event]) -> Iterable[dict[str, Any]]:
    for event in events:
        path = f"{root()}api/events/{event.pk}"
        related = ("webhooks", "last_event_callbacks")
        yield {
            "type": "events",
            "id": str(event.pk),
            "attributes": with_utc({name: getattr(event, name) for name in ATTRIBUTES}),
            "relationships": {name: {"links": {"related": f"{path}/{name}"}} for name in related},
            "links": {"self": path},
            **({"meta": meta} if (meta := shown_mode(event.mode)) else {}),
        }
