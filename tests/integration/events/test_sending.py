"""Callbacks that are sent, and what becomes of those that fail."""

import hmac
import json
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from standardwebhooks import Webhook as StandardWebhook

from imports_app.events import outbox
from imports_app.events.fan_out import pass_on
from imports_app.events.posting import Answer
from imports_app.events.sending import ring_for_due, send_due
from imports_app.events.signing import secret_of
from imports_app.models import Event, EventCallback, Import, Mode, Topic, Webhook
from imports_app.oauth.models import ApiClient
from imports_app.services import ImportOrder, create_import
from tests.factories.webhooks import WebhookFactory
from tests.receiver import Receiver, status
from tests.running import run_to_end

pytestmark = pytest.mark.django_db(transaction=True)


def created(mode: str = Mode.TEST) -> Import:
    order = ImportOrder(resource_type="skus", rows=[b'{"code": "A", "name": "a"}'])
    return create_import(order=order, mode=mode)


def hooks(receiver: Receiver, *topics: Topic, **attributes: Any) -> list[Webhook]:
    attributes = {"callback_url": receiver.url, **attributes}
    return [WebhookFactory.create(topic=topic, **attributes) for topic in topics]


def topics(receiver: Receiver) -> list[str]:
    return [each.headers["X-CommerceLayer-Topic"] for each in receiver.received]


def send_all_due() -> None:
    """Send as all senders together do: each stops after its slice of time."""
    send_due()
    while outbox.due().exists():
        send_due()


def make_due() -> None:
    """As if the time had passed until the next try."""
    EventCallback.objects.update(due_at=timezone.now())


def statuses() -> list[tuple[str, int, str | None]]:
    callbacks = EventCallback.objects.order_by("created_at", "rank")
    return list(callbacks.values_list("status", "tries", "response_code"))


def test_a_receiver_is_told_of_its_topic_only(receiver: Receiver) -> None:
    hooks(receiver, Topic.COMPLETE)
    import_ = run_to_end(created())

    send_due()

    assert topics(receiver) == ["imports.complete"]
    [received] = receiver.received
    assert received.headers["Content-Type"] == "application/vnd.api+json"
    event = Event.objects.get(bulk_import=import_, name=Topic.COMPLETE)
    assert received.body.decode() == event.payload
    assert statuses() == [("sent", 1, "204")]
    send_due()
    assert len(receiver.received) == 1


def test_both_signatures_can_be_verified(receiver: Receiver) -> None:
    [webhook] = hooks(receiver, Topic.CREATE)
    created()

    send_due()

    [received] = receiver.received
    secret = secret_of(webhook)
    assert len(bytes.fromhex(secret)) == 16
    signed = b64encode(hmac.digest(secret.encode(), received.body, "sha256")).decode()
    assert received.headers["X-CommerceLayer-Signature"] == signed
    standard = StandardWebhook(f"whsec_{b64encode(secret.encode()).decode()}")
    assert standard.verify(received.body, dict(received.headers)) == json.loads(received.body)
    assert secret.encode() not in bytes(webhook.sealed_secret)


def test_events_of_one_import_go_to_one_url_in_order(receiver: Receiver) -> None:
    hooks(receiver, *Topic)
    run_to_end(created())
    Event.objects.filter(name=Topic.COMPLETE).update(fired_at=timezone.now() - timedelta(1))
    Webhook.objects.update(created_at=timezone.now() - timedelta(2))

    send_due()

    assert topics(receiver) == ["imports.create", "imports.start", "imports.complete"]


def test_an_untried_callback_holds_back_later_ones_and_a_retry_does_not(
    receiver: Receiver,
) -> None:
    hooks(receiver, Topic.CREATE, Topic.START)
    run_to_end(created())
    pass_on()
    first = outbox.claim()
    assert first
    assert first.event.name == Topic.CREATE

    assert outbox.claim() is None

    assert outbox.failed(first, Answer(500, "")) == pytest.approx(5, rel=0.1)
    second = outbox.claim()
    assert second
    assert second.event.name == Topic.START


def test_another_import_waits_for_nothing(receiver: Receiver) -> None:
    hooks(receiver, Topic.CREATE, Topic.START)
    run_to_end(created())
    run_to_end(created())
    pass_on()

    held = [outbox.claim(), outbox.claim()]

    assert len({each.import_id for each in held if each}) == 2


def test_a_failure_is_tried_again_with_the_same_id(receiver: Receiver) -> None:
    hooks(receiver, Topic.CREATE)
    created()
    receiver.respond = status(503, b"busy")
    send_due()
    assert statuses() == [("pending", 1, "503")]
    assert EventCallback.objects.get().response_message == "busy"
    assert Webhook.objects.get().circuit_failure_count == 1
    send_due()
    assert len(receiver.received) == 1

    receiver.respond = status(200)
    make_due()
    send_due()

    assert statuses() == [("sent", 2, "200")]
    assert len({each.headers["webhook-id"] for each in receiver.received}) == 1
    assert Webhook.objects.get().circuit_failure_count == 0


def test_after_ten_tries_it_is_given_up(receiver: Receiver) -> None:
    hooks(receiver, Topic.CREATE)
    created()
    receiver.respond = status(500)

    for _ in range(12):
        send_due()
        make_due()

    assert len(receiver.received) == 10
    assert statuses() == [("failed", 10, "500")]


def test_pauses_double_up_to_an_hour() -> None:
    pauses = [outbox.pause_after(tries) for tries in range(1, 15)]

    expected = [min(5 * 2**tries, 3_600) for tries in range(14)]
    for pause, least in zip(pauses, expected, strict=True):
        assert least <= pause <= least * 1.1


def test_the_circuit_opens_after_thirty_failures_in_a_row_over_all_callbacks(
    receiver: Receiver,
) -> None:
    [webhook] = hooks(receiver, Topic.CREATE)
    receiver.respond = status(500)
    for _ in range(31):
        created()

    send_all_due()

    webhook.refresh_from_db()
    assert (webhook.circuit_state, webhook.circuit_failure_count) == ("open", 30)
    assert len(receiver.received) == 30
    created()
    make_due()
    send_all_due()
    assert len(receiver.received) == 30
    assert {status for status, *_ in statuses()} == {"not_sent"}


def test_a_disabled_webhook_is_not_told(receiver: Receiver) -> None:
    hooks(receiver, Topic.CREATE, disabled_at=timezone.now())
    created()

    send_due()

    assert receiver.received == []
    assert statuses() == [("not_sent", 0, None)]


def test_a_client_that_was_revoked_is_told_of_nothing_more(receiver: Receiver) -> None:
    hooks(receiver, Topic.CREATE)
    created()
    pass_on()
    ApiClient.objects.get().revoke()
    created()

    send_due()

    assert receiver.received == []
    assert [status for status, *_ in statuses()] == ["not_sent"] * 2


def test_a_webhook_is_told_of_nothing_from_before_its_time_or_of_the_other_mode(
    receiver: Receiver,
) -> None:
    created()
    hooks(receiver, Topic.CREATE)
    created(Mode.LIVE)

    send_due()

    assert receiver.received == []
    assert not Event.objects.filter(passed_on=False).exists()


def test_a_sender_that_died_is_stood_in_for(receiver: Receiver) -> None:
    hooks(receiver, Topic.CREATE)
    created()
    pass_on()
    dead = outbox.claim()
    assert dead
    send_due()
    assert receiver.received == []

    EventCallback.objects.update(lease_expires_at=timezone.now())
    send_due()

    assert receiver.received[0].headers["webhook-id"] == str(dead.pk)
    assert not outbox.sent(dead, Answer(200, ""))
    assert statuses() == [("sent", 2, "204")]


def test_a_sender_that_dies_at_the_last_try_leaves_the_callback_given_up(
    receiver: Receiver,
) -> None:
    hooks(receiver, Topic.CREATE)
    created()
    pass_on()
    EventCallback.objects.update(tries=10)

    send_due()

    assert receiver.received == []
    assert statuses() == [("failed", 11, None)]


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    hooks(receiver, Topic.CREATE)
    created()
    receiver.respond = status(302, Location=f"{receiver.url}/elsewhere")

    send_due()

    assert [each.path for each in receiver.received] == ["/hook"]
    assert statuses() == [("pending", 1, "302")]


def test_a_sweep_passes_on_what_nobody_rang_for(receiver: Receiver) -> None:
    hooks(receiver, Topic.CREATE)
    created()

    ring_for_due()

    assert statuses() == [("pending", 0, None)]


def test_a_failing_webhook_leaves_room_for_others(receiver: Receiver) -> None:
    for _ in range(3):
        hooks(receiver, Topic.CREATE, circuit_failure_count=3)
    [healthy] = hooks(receiver, Topic.CREATE)
    for _ in range(5):
        created()
    pass_on()

    held = [callback for _ in range(20) if (callback := outbox.claim())]

    of_healthy = [each for each in held if each.webhook_id == healthy.pk]
    assert (len(of_healthy), len(held)) == (outbox.SLOTS, outbox.SLOTS + outbox.FAILING_SLOTS)


def test_events_are_included_on_request(receiver: Receiver) -> None:
    hooks(receiver, Topic.COMPLETE, include_resources=["events"])
    run_to_end(created())

    send_due()

    document = json.loads(receiver.received[0].body)
    names = [each["attributes"]["name"] for each in document["included"]]
    assert names == ["imports.create", "imports.start", "imports.complete"]
    assert len(document["data"]["relationships"]["events"]["data"]) == 3
