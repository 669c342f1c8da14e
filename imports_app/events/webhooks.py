"""Services for webhooks and events, which API and staff pages call."""

from collections.abc import Container, Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone

from imports_app.callers import caller_source
from imports_app.database import atomic, on_commit
from imports_app.events.signing import give_secret
from imports_app.exceptions import VersionChanged
from imports_app.models import Event, EventCallback, Webhook
from imports_app.models.webhooks import CallbackStatus
from imports_app.queue.bell import ring_senders

# The changes that each trigger makes, by its attribute.
DISABLE, ENABLE, RESET = "_disable", "_enable", "_reset_circuit"
TRIGGERS = (DISABLE, ENABLE, RESET)


def create_webhook(*, mode: str, caller: str, **attributes: Any) -> Webhook:
    """Make a webhook with a secret of its own; the attributes are checked."""
    webhook = Webhook(mode=mode, caller=caller)
    give_secret(webhook)
    _apply(webhook, attributes)
    webhook.save(force_insert=True)
    return webhook


def silent(webhooks: Iterable[Webhook]) -> frozenset[UUID]:
    """Return the ids of those to which nothing is sent at the moment; to a caller that may do
    nothing any more nothing ever is.
    """
    all_ = list(webhooks)
    callers = {webhook.caller for webhook in all_ if webhook.caller is not None}
    gone = caller_source().gone(callers) if callers else frozenset()
    return frozenset(each.pk for each in all_ if each.is_off or each.caller in gone)


def change_webhook(
    webhook: Webhook, *, versions: Container[int] | None = None, **attributes: Any
) -> None:
    """Change a webhook, and do what the triggers among the attributes say.

    Raises Webhook.DoesNotExist if it was deleted in the meantime, and VersionChanged if it is of
    none of the `versions`, which are any if they aren't given.
    """
    with atomic():
        held = Webhook.objects.select_for_update().get(pk=webhook.pk)
        check_version(held, versions)
        if changed := _apply(held, attributes):
            held.updated_at = timezone.now()
            held.save(update_fields=[*changed, "updated_at"])
        webhook.__dict__.update(held.__dict__)


def delete_webhook(webhook: Webhook, *, versions: Container[int] | None = None) -> None:
    """Delete a webhook with its callbacks. Raises what `change_webhook` raises."""
    with atomic():
        held = Webhook.objects.select_for_update().get(pk=webhook.pk)
        check_version(held, versions)
        held.delete()


def fire_again(event: Event, *, versions: Container[int] | None = None) -> None:
    """Send the event once more to all webhooks that have its topic now.

    Raises Event.DoesNotExist if it was pruned in the meantime, and VersionChanged as
    `change_webhook` does.
    """
    with atomic():
        held = Event.objects.select_for_update().only("updated_at").get(pk=event.pk)
        check_version(held, versions)
        now = timezone.now()
        Event.objects.filter(pk=event.pk).update(passed_on=False, fired_at=now, updated_at=now)
        event.updated_at = now
        on_commit(ring_senders)


def check_version(held: Event | Webhook, versions: Container[int] | None) -> None:
    """Raise VersionChanged if it is of none of the versions that are asked for."""
    if versions is not None and held.version not in versions:
        raise VersionChanged(held.version)


def send_again(callback: EventCallback) -> EventCallback:
    """Send a callback's payload once more, as a new callback."""
    again = EventCallback.objects.create(
        event=callback.event,
        webhook=callback.webhook,
        mode=callback.mode,
        import_id=callback.import_id,
        rank=callback.rank,
        callback_url=callback.webhook.callback_url,
        body=callback.body,
        status=CallbackStatus.PENDING,
    )
    on_commit(ring_senders)
    return again


def _apply(webhook: Webhook, attributes: dict[str, Any]) -> list[str]:
    """Set the attributes, and apply the triggers; return the names of the changed fields."""
    values = {name: value for name, value in attributes.items() if name not in TRIGGERS}
    if attributes.get(DISABLE):
        values["disabled_at"] = webhook.disabled_at or timezone.now()
    if attributes.get(ENABLE):
        values["disabled_at"] = None
    if attributes.get(RESET):
        values |= {"circuit_failure_count": 0, "circuit_opened_at": None}
    for name, value in values.items():
        setattr(webhook, name, value)
    return list(values)
