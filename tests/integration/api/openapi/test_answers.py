"""Answers that no example has, as the document says."""

from typing import Any

import pytest

from imports_app.api.openapi.document import openapi_document
from imports_app.events.fan_out import pass_on
from imports_app.models import Event, EventCallback, Import
from tests.factories.imports import ImportFactory
from tests.factories.webhooks import WebhookFactory
from tests.integration.api.caller import Caller
from tests.integration.api.openapi.test_examples import fits
from tests.running import done

pytestmark = pytest.mark.django_db


def check(component: str, resource: dict[str, Any]) -> None:
    fits(openapi_document(), {"$ref": f"#/components/schemas/{component}"}, resource)


def test_an_import_made_from_a_check_and_mended_is_documented(caller: Caller) -> None:
    first = ImportFactory.create(client=caller.client, completed=True)
    import_ = ImportFactory.create(client=caller.client, check_of=first, retry_of=first)
    Import.objects.filter(pk=import_.pk).update(undo_of=first, mended=1)

    shown = caller.get(f"/api/imports/{import_.pk}").data

    assert shown["meta"].keys() >= {"check_of", "retry_of", "undo_of", "mended", "version"}
    check("Import", shown)


def test_a_change_an_event_a_webhook_and_a_callback_are_documented(caller: Caller) -> None:
    webhook = WebhookFactory.create(mode=caller.mode)
    import_ = done("skus", {"code": "A", "name": "a"}, mode=caller.mode)
    pass_on()
    event, callback = Event.objects.latest("created_at"), EventCallback.objects.get()

    check("Change", caller.get(f"/api/imports/{import_.pk}/changes").data[0])
    check("Event", caller.get(f"/api/events/{event.pk}").data)
    check("Webhook", caller.get(f"/api/webhooks/{webhook.pk}").data)
    check("EventCallback", caller.get(f"/api/event_callbacks/{callback.pk}").data)
