"""The staff pages of webhooks and callbacks, and the history of an import."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from imports_app.events.fan_out import pass_on
from imports_app.events.signing import secret_of
from imports_app.models import EventCallback, Import, Topic, Webhook
from imports_app.storage.events import happened
from tests.factories.imports import ImportFactory
from tests.factories.webhooks import WebhookFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def url(model: str, page: str, *args: Any) -> str:
    return reverse(f"admin:imports_app_{model}_{page}", args=args)


@pytest.fixture
def callback() -> EventCallback:
    WebhookFactory.create(name="mine")
    happened(Topic.CREATE, ImportFactory.create(reference="R-7"))
    pass_on()
    return EventCallback.objects.get()


def test_webhooks_are_listed_and_shown_without_their_secret(
    admin_client: Client, callback: EventCallback
) -> None:
    webhook = callback.webhook
    pages = [
        admin_client.get(url("webhook", "changelist")),
        admin_client.get(url("webhook", "change", webhook.pk)),
    ]

    for page in pages:
        text = page.content.decode()
        assert "mine" in text
        assert "Active" in text
        assert secret_of(webhook) not in text
    assert f"webhook__id__exact={webhook.pk}" in pages[1].content.decode()


def test_a_callback_is_shown_with_its_payload(
    admin_client: Client, callback: EventCallback
) -> None:
    EventCallback.objects.update(response_code="500", response_message="<b>no</b>")

    listed = admin_client.get(
        f"{url('eventcallback', 'changelist')}?webhook__id__exact={callback.webhook_id}"
    )
    shown = admin_client.get(url("eventcallback", "change", callback.pk)).content.decode()

    assert callback.callback_url in listed.content.decode()
    assert "R-7" in shown
    assert "&lt;b&gt;no&lt;/b&gt;" in shown


@pytest.mark.backend
def test_a_callback_is_sent_again_after_a_confirmation(
    admin_client: Client, callback: EventCallback
) -> None:
    EventCallback.objects.update(status="failed", tries=10)
    page = url("eventcallback", "send_again", callback.pk)

    assert "Send it to" in admin_client.get(page).content.decode()
    assert EventCallback.objects.count() == 1
    admin_client.post(page)

    again = EventCallback.objects.exclude(pk=callback.pk).get()
    assert (again.status, again.tries, again.payload) == ("pending", 0, callback.payload)
    assert LogEntry.objects.get().get_change_message() == "Sent again."


@pytest.mark.parametrize(
    ("page", "before", "state"),
    [
        ("disable", {}, "Disabled"),
        ("enable", {"disabled_at": timezone.now()}, "Active"),
        (
            "reset_circuit",
            {"circuit_opened_at": timezone.now(), "circuit_failure_count": 30},
            "Active",
        ),
    ],
)
def test_a_trigger_is_pulled_after_a_question(
    admin_client: Client, page: str, before: dict[str, Any], state: str
) -> None:
    webhook = WebhookFactory.create(name="mine", **before)
    address = url("webhook", page, webhook.pk)

    assert "mine?" in admin_client.get(address).content.decode()
    assert Webhook.objects.filter(pk=webhook.pk, **before).exists()
    answer = admin_client.post(address, follow=True).content.decode()

    assert state in answer
    assert LogEntry.objects.count() == 1


def test_nobody_makes_or_changes_one_by_hand(admin_client: Client) -> None:
    webhook = WebhookFactory.create(name="mine")

    assert admin_client.get(url("webhook", "add")).status_code == 403
    admin_client.post(url("webhook", "change", webhook.pk), {"name": "other", "topic": "x"})

    assert Webhook.objects.get().name == "mine"


def test_the_page_of_an_import_has_its_history(
    admin_client: Client, callback: EventCallback
) -> None:
    import_ = Import.objects.get()

    text = admin_client.get(url("import", "change", import_.pk)).content.decode()

    assert "imports.create" in text
