"""Store events of imports, in the transaction in which they happen, and notices of their ends."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from imports_app.addresses import root
from imports_app.conf import conf
from imports_app.database import on_commit
from imports_app.models import Event, Import, Notice, Topic, Webhook, shown_mode
from imports_app.models.attributes import shown
from imports_app.models.events import RANKS
from imports_app.models.moments import with_utc
from imports_app.models.status import FINAL
from imports_app.telemetry.metrics import EVENTS

EVENTS_A_TRANSACTION = 1_000
# What belongs to the rows: it may be large, or signed for the client that asks.
LEFT_OUT = frozenset({"inputs", "errors_log", "warnings_log", "attachment_url"})


def happened(topic: Topic, import_: Import) -> None:
    """Store the event with the import as it is now, by one more statement in the transaction.

    All fields of the import are read.
    """
    payload = json.dumps(payload_of(import_), ensure_ascii=False)
    Event.objects.create(
        name=topic,
        rank=RANKS[topic],
        mode=import_.mode,
        bulk_import=import_,
        caller=import_.caller,
        payload=payload,
    )
    on_commit(EVENTS.labels(import_.mode, topic.value).inc)


def happened_to(topic: Topic, import_id: UUID, **when: Any) -> bool:
    """Do the same for an import of which the caller has no more than the id, if it is so still.

    Return whether somebody wants to know: a webhook's receiver, or whoever made an import that is
    over.
    """
    wanted = Exists(Webhook.objects.filter(mode=OuterRef("mode"), topic=topic))
    found = Import.objects.annotate(wanted=wanted)
    import_ = found.filter(pk=import_id, **when).first()
    if import_ is None:
        return False
    is_wanted = note_end(import_) or bool(import_.wanted)
    happened(topic, import_)
    return is_wanted


def payload_of(import_: Import) -> dict[str, Any]:
    """Return the import as GET shows it, without inputs and logs.

    No request is at hand that knows the service's address: links begin with the path.
    """
    path = f"{root()}api/imports/{import_.pk}"
    caller = import_.caller
    identifier = caller and {"type": "applications", "id": caller}
    retry_of = {"retry_of": str(import_.retry_of_id)} if import_.retry_of_id else {}
    values = {name: getattr(import_, name) for name in shown() if name not in LEFT_OUT}
    return {
        "data": {
            "type": "imports",
            "id": str(import_.pk),
            "attributes": with_utc(values),
            "relationships": {
                "application": {"data": identifier},
                "events": {"links": {"related": f"{path}/events"}},
            },
            "links": {"self": path},
            "meta": {**shown_mode(import_.mode), "version": import_.version, **retry_of},
        }
    }


def prune_events(before: datetime) -> Iterator[int]:
    """Delete older events, some at a time, and yield the number of each lot."""
    old = Event.objects.filter(created_at__lt=before).order_by("created_at")
    while ids := list(old.values_list("pk", flat=True)[:EVENTS_A_TRANSACTION]):
        Event.objects.filter(pk__in=ids).delete()
        yield len(ids)


def note_end(import_: Import) -> bool:
    """Store a notice in the transaction that ends the import; return whether there is one to send.

    There is none for a dry run: its maker looks at its page.
    """
    if not conf.mail_from or import_.created_by_id is None or import_.dry_run:
        return False
    if import_.status not in FINAL:
        return False
    Notice.objects.create(bulk_import=import_)
    return True
