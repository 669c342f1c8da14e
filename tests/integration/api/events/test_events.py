"""What happened to imports: written down with it, and shown to clients."""

import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from imports_app.models import Event, Import, Mode
from imports_app.queue import transitions
from imports_app.services import delete_import, request_interrupt
from imports_app.storage.events import LEFT_OUT
from imports_app.storage.pruning import prune
from tests.factories.clients import ApiClientFactory
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Caller, import_document
from tests.integration.api.json_api import check_document
from tests.running import run_to_end

pytestmark = pytest.mark.django_db


def created(caller: Caller, **attributes: Any) -> Import:
    answer = caller.post("/api/imports", import_document(**attributes))
    return Import.objects.get(pk=answer.data["id"])


def names(import_: Any) -> list[str]:
    of_import = Event.objects.filter(bulk_import=import_).order_by("rank")
    return list(of_import.values_list("name", flat=True))


def payload(import_id: Any, name: str) -> Any:
    return json.loads(Event.objects.get(bulk_import=import_id, name=name).payload)


def comparable(resource: Any) -> Any:
    """Without what a payload leaves out, and with links that begin with the path."""
    text = json.dumps(resource).replace("http://testserver", "")
    found = json.loads(text)
    for name in LEFT_OUT:
        del found["attributes"][name]
    found["meta"].pop("queue_position", None)
    return found


def test_an_import_is_created_started_and_completed(caller: Caller) -> None:
    import_ = created(caller)

    run_to_end(import_)

    assert names(import_) == ["imports.create", "imports.start", "imports.complete"]


def test_an_event_shows_the_import_as_get_did_at_that_moment(caller: Caller) -> None:
    import_ = created(caller, reference="R", metadata={"a": ["ü"]}, cleanup_limit=3)
    path = f"/api/imports/{import_.pk}"
    seen = {"imports.create": comparable(caller.get(path).data)}
    assert transitions.claim(import_.pk)
    seen["imports.start"] = comparable(caller.get(path).data)
    Import.objects.update(lease_expires_at=timezone.now())
    run_to_end(import_)
    seen["imports.complete"] = comparable(caller.get(path).data)

    for name, resource in seen.items():
        assert payload(import_.pk, name) == {"data": resource}


def test_a_later_slice_starts_nothing(caller: Caller) -> None:
    import_ = created(caller)
    token = transitions.claim(import_.pk)
    assert token
    transitions.release(import_.pk, token)

    assert transitions.claim(import_.pk)

    assert names(import_) == ["imports.create", "imports.start"]


def test_a_pending_import_that_is_stopped_never_started(caller: Caller) -> None:
    import_ = created(caller)

    request_interrupt(import_=import_)
    request_interrupt(import_=import_)

    assert names(import_) == ["imports.create", "imports.interrupt"]
    assert payload(import_.pk, "imports.interrupt")["data"]["attributes"]["started_at"] is None


def test_an_import_with_too_many_failures_is_interrupted(caller: Caller) -> None:
    import_ = created(caller, inputs=[{"code": "A"}])

    run_to_end(import_)

    assert names(import_)[-1] == "imports.interrupt"
    shown = payload(import_.pk, "imports.interrupt")["data"]["attributes"]
    assert (shown["status"], shown["errors_count"]) == ("interrupted", 1)


def test_an_import_that_can_not_go_on_is_interrupted(caller: Caller) -> None:
    import_ = created(caller)
    Import.objects.update(resource_type="gone")

    run_to_end(import_)

    assert names(import_)[-1] == "imports.interrupt"


def test_events_outlive_their_import(caller: Caller) -> None:
    import_ = created(caller)

    delete_import(import_=import_)

    assert names(import_.pk) == ["imports.create", "imports.destroy"]
    answer = caller.get(f"/api/imports/{import_.pk}/events?sort=created_at")
    assert [event["attributes"]["name"] for event in answer.data] == names(import_.pk)


def test_pruning_an_import_is_its_destruction(caller: Caller) -> None:
    import_ = created(caller)
    run_to_end(import_)

    [total] = prune(timezone.now(), delete=True)

    assert total.deleted == 1
    assert names(import_.pk)[-1] == "imports.destroy"


def test_an_event_that_is_rolled_back_did_not_happen(caller: Caller) -> None:
    import_ = created(caller)

    with transaction.atomic():
        assert transitions.withdraw(import_.pk)
        transaction.set_rollback(True)

    assert names(import_) == ["imports.create"]


def test_a_claim_and_a_create_cost_few_statements_more(caller: Caller) -> None:
    import_ = created(caller)

    with CaptureQueriesContext(connection) as queries:
        assert transitions.claim(import_.pk)

    of_events = [query for query in queries if "imports_app_event" in query["sql"]]
    assert (len(of_events), len(queries)) == (1, 3)


def test_an_import_links_to_its_events(caller: Caller) -> None:
    import_ = created(caller)

    related = caller.get(f"/api/imports/{import_.pk}").data["relationships"]["events"]

    assert related == {"links": {"related": f"http://testserver/api/imports/{import_.pk}/events"}}
    answer = caller.get(related["links"]["related"])
    check_document(answer.document)
    [event] = answer.data
    assert event["type"] == "events"
    assert event["attributes"].keys() == {"name", "created_at", "updated_at"}
    assert event["links"]["self"] == f"http://testserver/api/events/{event['id']}"
    assert caller.get(event["links"]["self"]).data == event


def test_events_are_included_where_they_are_asked_for(caller: Caller) -> None:
    imports = [created(caller), created(caller)]
    run_to_end(imports[0])

    with CaptureQueriesContext(connection) as queries:
        answer = caller.get(
            "/api/imports?include=events&fields[events]=name&fields[imports]=status"
        )

    check_document(answer.document)
    assert len([query for query in queries if "imports_app_event" in query["sql"]]) == 1
    included = {each["id"]: each for each in answer.document["included"]}
    assert len(included) == 4
    one = caller.get(f"/api/imports/{imports[0].pk}?include=events").document
    linked = one["data"]["relationships"]["events"]["data"]
    assert [included[each["id"]]["attributes"] for each in linked] == [
        {"name": name} for name in names(imports[0])
    ]
    assert one["data"]["relationships"]["events"]["links"]["related"]


def test_an_import_that_is_made_may_have_its_events_along(caller: Caller) -> None:
    answer = caller.post("/api/imports?include=events", import_document())

    assert [each["attributes"]["name"] for each in answer.document["included"]] == [
        "imports.create"
    ]


def test_nothing_else_of_an_import_can_be_included(caller: Caller) -> None:
    error = caller.get("/api/imports?include=application").error

    assert error["source"] == {"parameter": "include"}
    assert "the nearest is 'events'" in error["detail"]


def test_events_are_filtered_sorted_and_paged(caller: Caller) -> None:
    run_to_end(created(caller))

    answer = caller.get("/api/events?filter[q][name_not_eq]=imports.start&sort=name&page[size]=1")

    assert answer.document["meta"] == {"record_count": 2, "page_count": 2}
    assert [event["attributes"]["name"] for event in answer.data] == ["imports.complete"]
    assert caller.get("/api/events?filter[q][payload_eq]=1").status == 400


def test_nobody_sees_the_events_of_the_other_mode(caller: Caller) -> None:
    import_ = created(Caller(ApiClientFactory.create(mode=Mode.LIVE)))
    event = Event.objects.get(bulk_import=import_)

    assert caller.get("/api/events").data == []
    assert caller.get(f"/api/events/{event.pk}").status == 404
    assert caller.get(f"/api/imports/{import_.pk}/events").status == 404


@pytest.mark.parametrize("import_id", ["1", "0198c5e0-0000-7000-8000-000000000000"])
def test_an_import_that_never_was_has_no_events(caller: Caller, import_id: str) -> None:
    assert caller.get(f"/api/imports/{import_id}/events").status == 404


def test_an_import_that_is_older_than_events_has_none(caller: Caller) -> None:
    import_ = ImportFactory.create()

    assert caller.get(f"/api/imports/{import_.pk}/events").data == []


def test_reading_events_needs_the_scope(caller: Caller) -> None:
    writer = Caller(caller.client, scopes="imports:write")

    for path in ("/api/events", f"/api/imports/{created(caller).pk}/events"):
        assert writer.get(path).error["meta"] == {"scope": "imports:read"}
