import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from imports_app.models import Import, Mode
from imports_app.queue.bell import ring
from imports_app.registry import importers
from imports_app.storage.chunks import read_inputs, rows_of
from tests.factories.clients import ApiClientFactory
from tests.factories.commerce import PriceListFactory
from tests.integration.api.caller import Answer, Caller, import_document

pytestmark = pytest.mark.django_db

PATH = "/api/imports"
ATTRIBUTES = "/data/attributes"


def create(caller: Caller, **attributes: Any) -> Answer:
    return caller.post(PATH, import_document(**attributes))


def test_a_new_import_is_the_answer(caller: Caller) -> None:
    answer = create(caller, inputs=[{"code": "A"}, {"code": "B"}])
    import_ = Import.objects.get()
    url = f"http://testserver/api/imports/{import_.pk}"
    created_at = answer.data["attributes"]["created_at"]
    attachment_url = answer.data["attributes"]["attachment_url"]
    assert answer.status == 201
    assert answer.headers["Content-Type"] == "application/vnd.api+json"
    assert answer.headers["Location"] == url
    assert answer.document.keys() == {"data"}
    assert answer.data == {
        "type": "imports",
        "id": str(import_.pk),
        "links": {"self": url},
        "attributes": {
            "resource_type": "skus",
            "parent_resource_id": None,
            "status": "pending",
            "started_at": None,
            "completed_at": None,
            "interrupted_at": None,
            "inputs": [{"code": "A"}, {"code": "B"}],
            "inputs_size": 2,
            "processed_count": 0,
            "created_count": 0,
            "updated_count": 0,
            "unchanged_count": 0,
            "errors_count": 0,
            "warnings_count": 0,
            "destroyed_count": 0,
            "errors_log": {},
            "warnings_log": {},
            "if_exists": "update",
            "if_missing": "create",
            "cleanup_records": False,
            "cleanup_limit": None,
            "skip_errors": False,
            "dry_run": False,
            "all_or_nothing": False,
            "keep_changes": True,
            "format": "json",
            "file_options": {},
            "reference": None,
            "reference_origin": None,
            "metadata": {},
            "attachment_url": attachment_url,
            "created_at": created_at,
            "updated_at": created_at,
        },
        "relationships": {
            "application": {"data": {"type": "applications", "id": caller.client.client_id}},
            "events": {"links": {"related": f"{url}/events"}},
        },
        "meta": {"mode": "test", "version": 1},
    }
    assert created_at.endswith("Z")
    assert len(created_at) == len("2024-02-29T23:59:59.999Z")
    assert abs(datetime.fromisoformat(created_at) - datetime.now(UTC)) < timedelta(minutes=1)


def test_everything_that_can_be_set_is_kept(caller: Caller) -> None:
    parent = PriceListFactory.create(mode=caller.mode)
    settable = {
        "resource_type": "prices",
        "parent_resource_id": str(parent.pk),
        "format": "json",
        "if_exists": "skip",
        "all_or_nothing": True,
        "keep_changes": False,
        "if_missing": "fail",
        "skip_errors": True,
        "reference": " mine ",
        "reference_origin": "",
        "metadata": {"a": [1, 2.5, None, True, {"b": "é"}], "": -(2**63)},
    }
    shown = create(caller, **settable).data["attributes"]
    kept = caller.get(f"{PATH}/{Import.objects.get().pk}").data["attributes"]
    assert {name: shown[name] for name in settable} == settable
    assert {name: kept[name] for name in settable} == settable


def test_null_means_the_default(caller: Caller) -> None:
    optional = (
        "parent_resource_id",
        "format",
        "if_exists",
        "if_missing",
        "cleanup_records",
        "cleanup_limit",
        "skip_errors",
        "dry_run",
        "all_or_nothing",
        "keep_changes",
        "reference",
        "reference_origin",
        "metadata",
    )
    shown = create(caller, **dict.fromkeys(optional)).data["attributes"]
    assert {name: shown[name] for name in optional} == {
        name: getattr(Import(), name) for name in optional
    }


def test_a_dry_run_and_a_limit_of_cleanup_can_be_asked_for(caller: Caller) -> None:
    shown = create(caller, dry_run=True, cleanup_limit=0).data["attributes"]
    assert (shown["dry_run"], shown["cleanup_limit"]) == (True, 0)


def test_booleans_may_be_strings(caller: Caller) -> None:
    shown = create(caller, skip_errors="true", dry_run="false", cleanup_records="false").data
    assert shown["attributes"]["skip_errors"] is True
    assert shown["attributes"]["dry_run"] is False
    assert shown["attributes"]["cleanup_records"] is False


def test_rows_are_stored_and_shown_as_they_were_sent(caller: Caller) -> None:
    rows = b'{"a" : 1.50, "a": 18446744073709551616, "b": "\\u00e9 \xc3\xa9"},{"c":\t[]}'
    body = json.dumps(import_document(inputs="ROWS")).encode().replace(b'"ROWS"', b"[%s]" % rows)
    answer = caller.post(PATH, body)
    assert answer.status == 201
    assert rows in answer.content
    assert b"".join(read_inputs(Import.objects.get().pk)) == b"[" + rows
    assert rows in caller.get(f"{PATH}/{answer.data['id']}").content


def test_rows_may_be_resources_in_a_relationship(caller: Caller) -> None:
    body = {
        "data": {
            "attributes": {"resource_type": "skus"},
            "relationships": {
                "inputs": {
                    "data": [
                        {"type": "skus", "id": "1", "name": "a"},
                        {"type": "other", "id": "2"},
                        {"code": "C"},
                    ]
                }
            },
            "type": "imports",
        }
    }
    answer = caller.post(PATH, body)
    assert answer.data["attributes"]["inputs"] == [
        {"id": "1", "name": "a"},
        {"type": "other", "id": "2"},
        {"code": "C"},
    ]
    assert (
        json.loads(b"".join(read_inputs(Import.objects.get().pk)) + b"]")
        == (answer.data["attributes"]["inputs"])
    )


def test_rows_in_a_relationship_are_checked_too(caller: Caller) -> None:
    body = import_document()
    del body["data"]["attributes"]["inputs"]
    body["data"]["relationships"] = {"inputs": {"data": [{}, 7]}}
    assert caller.post(PATH, body).error["source"] == {
        "pointer": "/data/relationships/inputs/data/1"
    }


def test_secret_attributes_do_not_come_back(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.IMPORTS_CHUNK_ROWS = 1
    monkeypatch.setattr(importers.get("skus"), "secret", frozenset({"name"}), raising=False)
    rows = [{"code": "A", "name": "hunter2"}, {"code": "B", "metadata": {"name": "shown"}}]
    shown = [{"code": "A"}, rows[1]]
    answer = create(caller, inputs=rows)
    again = caller.get(f"{PATH}/{answer.data['id']}")
    listed = caller.get(PATH)
    assert answer.data["attributes"]["inputs"] == shown
    assert again.data["attributes"]["inputs"] == shown
    assert listed.data[0]["attributes"]["inputs"] == shown
    import_id = Import.objects.get().pk
    assert b"hunter2" not in b"".join(read_inputs(import_id))
    assert [json.loads(bytes(row)) for row in rows_of(import_id)] == rows


def test_the_worker_is_called_once_the_import_is_committed(
    caller: Caller, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        create(caller)
    assert callbacks.count(ring) == 1


@pytest.mark.parametrize("path", [PATH, f"{PATH}/"])
def test_a_post_is_never_redirected(caller: Caller, path: str) -> None:
    assert caller.post(path, import_document()).status == 201


def test_plain_json_is_accepted_both_ways(caller: Caller) -> None:
    answer = caller.post(
        PATH, import_document(), media_type="application/json", Accept="application/json"
    )
    assert answer.status == 201
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.data["attributes"]["inputs"] == [{"code": "A", "name": "a"}]


def test_only_the_fields_asked_for_come_back(caller: Caller) -> None:
    answer = caller.post(f"{PATH}?fields[imports]=id,status,nothing", import_document())
    assert answer.data["attributes"] == {"status": "pending"}


def test_a_client_of_the_live_mode_makes_live_imports() -> None:
    answer = create(Caller(ApiClientFactory.create(mode=Mode.LIVE)))
    assert answer.data["meta"] == {"mode": "live", "version": 1}
    assert Import.objects.get().mode == Mode.LIVE


def test_the_number_of_queries_does_not_depend_on_the_rows(
    caller: Caller, django_assert_max_num_queries: Any, settings: Settings
) -> None:
    create(caller)
    with django_assert_max_num_queries(11):
        assert create(caller, inputs=[{"code": str(n)} for n in range(1_000)]).status == 201
