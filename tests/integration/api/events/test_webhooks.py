"""Webhooks and callbacks, as clients make and see them."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from imports_app.events.fan_out import pass_on
from imports_app.models import Event, EventCallback, Mode, Topic, Webhook
from imports_app.storage.events import happened
from tests.factories.clients import ApiClientFactory
from tests.factories.imports import ImportFactory
from tests.factories.webhooks import WebhookFactory
from tests.integration.api.caller import Caller
from tests.integration.api.json_api import check_document

pytestmark = pytest.mark.django_db

PATH = "/api/webhooks"
URL = "https://93.184.215.14/hook"


def document(id_: str | None = None, **attributes: Any) -> dict[str, Any]:
    data = {"type": "webhooks", "attributes": attributes, "relationships": {}}
    return {"data": data | ({"id": id_} if id_ else {})}


def create(caller: Caller, **attributes: Any) -> Any:
    body = document(**{"topic": "imports.create", "callback_url": URL, **attributes})
    return caller.post(PATH, body)


def callback_to(webhook: Webhook) -> EventCallback:
    """Return a callback of a new event to the webhook."""
    happened(Topic(webhook.topic), ImportFactory.create(mode=webhook.mode))
    pass_on()
    return EventCallback.objects.filter(webhook=webhook).latest("created_at")


def test_a_webhook_is_made_with_a_secret(caller: Caller) -> None:
    answer = create(caller, name="mine", include_resources=["events"])

    assert answer.status == 201
    check_document(answer.document)
    webhook = answer.data
    assert answer.headers["Location"] == webhook["links"]["self"]
    shown = webhook["attributes"]
    assert shown | {"created_at": "", "updated_at": "", "shared_secret": ""} == {
        "name": "mine",
        "topic": "imports.create",
        "callback_url": URL,
        "include_resources": ["events"],
        "disabled_at": None,
        "circuit_state": "closed",
        "circuit_failure_count": 0,
        "shared_secret": "",
        "created_at": "",
        "updated_at": "",
    }
    assert len(bytes.fromhex(shown["shared_secret"])) == 16
    assert caller.get(webhook["links"]["self"]).data == webhook
    assert caller.get(PATH).data == [webhook]
    related = webhook["relationships"]["last_event_callbacks"]["links"]["related"]
    assert caller.get(related).data == []


def test_two_webhooks_have_two_secrets(caller: Caller) -> None:
    secrets = {create(caller).data["attributes"]["shared_secret"] for _ in range(2)}

    assert len(secrets) == 2


@pytest.mark.once
@pytest.mark.parametrize(
    ("attributes", "name", "message"),
    [
        ({"topic": None}, "topic", "can't be blank"),
        ({"topic": "orders.place"}, "topic", "must be imports.create, "),
        ({"callback_url": None}, "callback_url", "can't be blank"),
        ({"callback_url": "http://127.0.0.1/"}, "callback_url", "must lead to a public address"),
        ({"callback_url": "https://x/" + "x" * 2_000}, "callback_url", "is too long"),
        ({"name": 1}, "name", "must be a string"),
        ({"include_resources": ["inputs"]}, "include_resources", "must be among events"),
        ({"include_resources": "events"}, "include_resources", "must be a list of strings"),
        ({"shared_secret": "x"}, "shared_secret", "is read-only"),
        ({"_reset_circuit": True}, "_reset_circuit", "is unknown"),
        ({"reference": "x"}, "reference", "is unknown"),
        ({"_disable": "maybe"}, "_disable", "must be true or false"),
    ],
)
def test_errors_of_a_webhook_are_reported(
    caller: Caller, attributes: dict[str, Any], name: str, message: str
) -> None:
    error = create(caller, **attributes).error

    assert error["status"] == "422"
    assert error["source"] == {"pointer": f"/data/attributes/{name}"}
    assert error["title"].startswith(message)
    assert not Webhook.objects.exists()


@pytest.mark.once
def test_a_missing_topic_and_url_are_both_errors(caller: Caller) -> None:
    errors = caller.post(PATH, document()).errors

    assert [each["source"]["pointer"].rpartition("/")[2] for each in errors] == [
        "topic",
        "callback_url",
    ]


@pytest.mark.once
def test_a_wrong_type_or_an_id_is_refused(caller: Caller) -> None:
    other = {"data": {"type": "imports", "attributes": {}}}

    assert caller.post(PATH, other).status == 409
    assert caller.post(PATH, document("x", topic="imports.create")).status == 403


def test_a_webhook_is_changed_and_its_triggers_pulled(caller: Caller) -> None:
    webhook = WebhookFactory.create(circuit_failure_count=30, circuit_opened_at=timezone.now())
    path = f"{PATH}/{webhook.pk}"

    def changed(**attributes: Any) -> Any:
        return caller.patch(path, document(str(webhook.pk), **attributes)).data["attributes"]

    assert changed(name="new", topic="imports.destroy")["topic"] == "imports.destroy"
    assert changed(_disable=True)["disabled_at"]
    assert changed(_disable=True, name=None)["name"] is None
    assert changed(_enable="true")["disabled_at"] is None
    assert changed(_enable=False)["circuit_state"] == "open"
    reset = changed(_reset_circuit=True)
    assert (reset["circuit_state"], reset["circuit_failure_count"]) == ("closed", 0)
    assert caller.patch(path, document("other", name="x")).status == 409
    url = caller.patch(path, document(str(webhook.pk), callback_url="http://10.0.0.1/"))
    assert url.status == 422


def test_a_webhook_is_changed_and_deleted_only_as_the_version_that_if_match_names(
    caller: Caller,
) -> None:
    webhook = WebhookFactory.create()
    path, body = f"{PATH}/{webhook.pk}", document(str(webhook.pk), name="x")
    first = caller.get(path)

    assert caller.patch(path, body, If_Match=first.headers["ETag"]).status == 200
    late = caller.patch(path, body, If_Match=first.headers["ETag"])
    version = caller.get(path).data["meta"]["version"]
    assert (late.status, late.error["code"]) == (412, "PRECONDITION_FAILED")
    assert late.error["meta"] == {"version": version}
    for sent in (f'"{version - 1}"', '"x"', "", first.headers["ETag"]):
        assert caller.delete(path, If_Match=sent).status == 412, sent
    assert caller.delete(path, If_Match=f'"{version}"').status == 204


def test_an_event_is_fired_once_by_those_who_saw_the_same_version(caller: Caller) -> None:
    callback = callback_to(WebhookFactory.create())
    path = f"/api/events/{callback.event_id}"
    body = {"data": {"type": "events", "id": str(callback.event_id)}}
    body["data"]["attributes"] = {"_trigger": True}  # type: ignore[assignment]
    seen = caller.get(path).headers["ETag"]

    answers = [caller.patch(path, body, If_Match=seen).status for _ in range(2)]
    body["data"]["attributes"] = {}  # type: ignore[assignment]
    answers.append(caller.patch(path, body, If_Match=seen).status)

    assert answers == [200, 412, 412]


def test_the_webhook_of_a_callback_has_a_tag(caller: Caller) -> None:
    callback = callback_to(WebhookFactory.create())
    path = f"/api/event_callbacks/{callback.pk}/webhook"

    tag = caller.get(path).headers["ETag"]

    assert caller.get(path, If_None_Match=tag).status == 304


def test_a_webhook_is_deleted_with_its_callbacks(caller: Caller) -> None:
    webhook = WebhookFactory.create()
    callback = callback_to(webhook)

    assert caller.delete(f"{PATH}/{webhook.pk}").status == 204

    assert caller.get(f"{PATH}/{webhook.pk}").status == 404
    assert caller.get(f"/api/event_callbacks/{callback.pk}").status == 404


def test_webhooks_are_filtered_and_sorted(caller: Caller) -> None:
    for name in ("b", "a"):
        WebhookFactory.create(name=name, topic=Topic.START)
    WebhookFactory.create(name="c")

    answer = caller.get(f"{PATH}?filter[q][topic_eq]=imports.start&sort=name&fields[webhooks]=name")

    assert [each["attributes"] for each in answer.data] == [{"name": "a"}, {"name": "b"}]
    assert caller.get(f"{PATH}?filter[q][sealed_secret_eq]=x").status == 400


def test_callbacks_are_listed_as_the_command_line_asks_for_them(caller: Caller) -> None:
    webhook = WebhookFactory.create()
    others = callback_to(WebhookFactory.create(topic=Topic.START))
    callback = callback_to(webhook)
    query = f"filter[q][webhook_id_eq]={webhook.pk}&sort=-created_at&page[size]=25&page[number]=1"

    answer = caller.get(f"/api/event_callbacks?{query}")

    check_document(answer.document)
    [shown] = answer.data
    assert shown["id"] == str(callback.pk)
    assert shown["attributes"]["payload"]["data"]["type"] == "imports"
    assert shown["attributes"]["response_code"] is None
    assert shown["relationships"]["webhook"]["data"] == {"type": "webhooks", "id": str(webhook.pk)}
    assert caller.get(shown["relationships"]["webhook"]["links"]["related"]).data["id"] == str(
        webhook.pk
    )
    by_id = caller.get(f"/api/event_callbacks?filter[q][id_eq]={others.pk}")
    assert [each["id"] for each in by_id.data] == [str(others.pk)]
    assert caller.get(shown["links"]["self"]).data == shown


def test_the_last_callbacks_are_included(caller: Caller) -> None:
    webhook = WebhookFactory.create()
    callbacks = [callback_to(webhook) for _ in range(12)]

    with CaptureQueriesContext(connection) as queries:
        answer = caller.get(f"{PATH}/{webhook.pk}?include=last_event_callbacks")

    check_document(answer.document)
    included = [each["id"] for each in answer.document["included"]]
    assert set(included) == {str(each.pk) for each in callbacks[-10:]}
    assert len([each for each in queries if "imports_app_eventcallback" in each["sql"]]) == 1
    linked = answer.data["relationships"]["last_event_callbacks"]["data"]
    assert linked[0]["id"] == str(callbacks[-1].pk)
    assert len(caller.get(f"{PATH}/{webhook.pk}/last_event_callbacks?page[size]=100").data) == 12


def test_a_callback_has_its_webhook_included(caller: Caller) -> None:
    webhook = WebhookFactory.create(name="mine")
    callback = callback_to(webhook)

    for path in (f"/api/event_callbacks/{callback.pk}", "/api/event_callbacks"):
        plain = caller.get(path)
        with CaptureQueriesContext(connection) as queries:
            answer = caller.get(f"{path}?include=webhook&fields[webhooks]=name")

        check_document(answer.document)
        [included] = answer.document["included"]
        assert (included["id"], included["attributes"]) == (str(webhook.pk), {"name": "mine"})
        assert answer.data == plain.data
        assert len([each for each in queries if "sealed_secret" in each["sql"]]) == 1
    assert caller.get("/api/event_callbacks?include=event").status == 400


def test_an_event_includes_its_webhooks_and_callbacks(caller: Caller) -> None:
    webhook = WebhookFactory.create()
    callback = callback_to(webhook)
    path = f"/api/events/{callback.event_id}"

    assert [each["id"] for each in caller.get(f"{path}/webhooks").data] == [str(webhook.pk)]
    assert [each["id"] for each in caller.get(f"{path}/last_event_callbacks").data] == [
        str(callback.pk)
    ]
    answer = caller.get(f"{path}?include=webhooks,last_event_callbacks")
    check_document(answer.document)
    assert {(each["type"], each["id"]) for each in answer.document["included"]} == {
        ("webhooks", str(webhook.pk)),
        ("event_callbacks", str(callback.pk)),
    }


def test_an_event_is_fired_again(caller: Caller) -> None:
    webhook = WebhookFactory.create()
    callback = callback_to(webhook)
    late = WebhookFactory.create()
    body = {"data": {"type": "events", "id": str(callback.event_id)}}

    ignored = caller.patch(
        f"/api/events/{callback.event_id}",
        {"data": {**body["data"], "attributes": {"_trigger": False}}},
    )
    assert ignored.status == 200
    assert pass_on() == 0
    answer = caller.patch(
        f"/api/events/{callback.event_id}",
        {"data": {**body["data"], "attributes": {"_trigger": True}}},
    )

    assert answer.data["attributes"]["updated_at"] > answer.data["attributes"]["created_at"]
    assert pass_on() == 2
    assert set(EventCallback.objects.values_list("webhook", flat=True)) == {webhook.pk, late.pk}


@pytest.mark.once
def test_webhooks_need_the_scope_to_write(caller: Caller) -> None:
    webhook = WebhookFactory.create()
    callback = callback_to(webhook)
    reader = Caller(caller.client, scopes="imports:read")
    event = f"/api/events/{callback.event_id}"

    for path in (
        PATH,
        f"{PATH}/{webhook.pk}",
        f"{PATH}/{webhook.pk}/last_event_callbacks",
        "/api/event_callbacks",
        f"/api/event_callbacks/{callback.pk}",
        f"/api/event_callbacks/{callback.pk}/webhook",
        f"{event}/webhooks",
        f"{event}/last_event_callbacks",
        f"{event}?include=webhooks",
    ):
        assert reader.get(path).error["meta"] == {"scope": "imports:write"}
    assert create(reader).status == 403
    assert reader.get(event).status == 200


def test_nobody_sees_webhooks_of_the_other_mode(caller: Caller) -> None:
    webhook = WebhookFactory.create(mode=Mode.LIVE)
    callback = callback_to(webhook)
    event = f"/api/events/{callback.event_id}"

    assert caller.get(PATH).data == []
    assert caller.get("/api/event_callbacks").data == []
    for path in (
        f"{PATH}/{webhook.pk}",
        f"{PATH}/{webhook.pk}/last_event_callbacks",
        f"/api/event_callbacks/{callback.pk}",
        f"/api/event_callbacks/{callback.pk}/webhook",
        f"{event}/webhooks",
        f"{event}/last_event_callbacks",
    ):
        assert caller.get(path).status == 404
    body = document(str(webhook.pk), name="x")
    assert caller.patch(f"{PATH}/{webhook.pk}", body).status == 404
    assert caller.delete(f"{PATH}/{webhook.pk}").status == 404
    assert caller.patch(event, {"data": {"type": "events", "id": "x"}}).status == 404


def test_a_secret_whose_key_is_gone_is_null(caller: Caller, settings: Any) -> None:
    webhook = WebhookFactory.create()
    token = caller.get(f"{PATH}/{webhook.pk}")
    assert token.data["attributes"]["shared_secret"]

    settings.SECRET_KEY = "another"

    assert caller.get(f"{PATH}/{webhook.pk}").data["attributes"]["shared_secret"] is None


def test_a_webhook_of_a_client_goes_with_it(caller: Caller) -> None:
    client = ApiClientFactory.create()
    WebhookFactory.create(client=client)

    client.delete()

    assert not Webhook.objects.exists()
    assert not Event.objects.exists()
