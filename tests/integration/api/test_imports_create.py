import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from imports_app.bell import ring
from imports_app.engine.chunks import read_inputs
from imports_app.models import Import, ImportChunk, Mode
from imports_app.registry import importers
from imports_app.status import Status
from tests.factories.clients import ApiClientFactory
from tests.factories.commerce import PriceListFactory
from tests.factories.imports import ImportFactory
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
            "cleanup_records": False,
            "cleanup_limit": None,
            "skip_errors": False,
            "dry_run": False,
            "format": "json",
            "reference": None,
            "reference_origin": None,
            "metadata": {},
            "attachment_url": None,
            "created_at": created_at,
            "updated_at": created_at,
        },
        "relationships": {},
        "meta": {"mode": "test"},
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
        "cleanup_records",
        "cleanup_limit",
        "skip_errors",
        "dry_run",
        "reference",
        "reference_origin",
        "metadata",
    )
    shown = create(caller, **dict.fromkeys(optional)).data["attributes"]
    assert {name: shown[name] for name in optional} == {
        name: getattr(Import(), name) for name in optional
    }


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
    assert "".join(read_inputs(Import.objects.get().pk)) == rows.decode()
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
        json.loads(f"[{''.join(read_inputs(Import.objects.get().pk))}]")
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
    assert "hunter2" in "".join(read_inputs(Import.objects.get().pk))


def test_the_worker_is_called_once_the_import_is_committed(
    caller: Caller, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        create(caller)
    assert callbacks == [ring]


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
    assert answer.data["meta"] == {"mode": "live"}
    assert Import.objects.get().mode == Mode.LIVE


def test_the_number_of_queries_does_not_depend_on_the_rows(
    caller: Caller, django_assert_max_num_queries: Any, settings: Settings
) -> None:
    create(caller)
    with django_assert_max_num_queries(11):
        assert create(caller, inputs=[{"code": str(n)} for n in range(1_000)]).status == 201


def refusals(answer: Answer) -> set[tuple[str, str]]:
    assert answer.status == 422
    assert not Import.objects.exists()
    errors = answer.errors
    assert all(error["code"] == "VALIDATION_ERROR" for error in errors)
    assert all(error["detail"].endswith(f" - {error['title']}") for error in errors)
    return {(error["source"]["pointer"], error["meta"]["error"]) for error in errors}


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("resource_type", None, "blank"),
        ("resource_type", "", "blank"),
        ("resource_type", "unicorns", "inclusion"),
        ("resource_type", "Skus", "inclusion"),
        ("resource_type", 7, "invalid"),
        ("resource_type", ["skus"], "invalid"),
        ("resource_type", "x" * 101, "too_long"),
        ("resource_type", "skus\0", "null_character"),
        ("inputs", None, "blank"),
        ("inputs", [], "blank"),
        ("inputs", "code\nA", "invalid"),
        ("inputs", {"code": "A"}, "invalid"),
        ("parent_resource_id", 7, "invalid"),
        ("parent_resource_id", "", "blank"),
        ("parent_resource_id", "7", "not_allowed"),
        ("format", "csv", "unsupported"),
        ("format", "xml", "inclusion"),
        ("format", 7, "invalid"),
        ("dry_run", True, "unsupported"),
        ("dry_run", "true", "unsupported"),
        ("dry_run", "yes", "invalid"),
        ("skip_errors", 1, "invalid"),
        ("skip_errors", "", "invalid"),
        ("skip_errors", [], "invalid"),
        ("skip_errors", {}, "invalid"),
        ("cleanup_records", "no", "invalid"),
        ("cleanup_limit", 7, "unsupported"),
        ("cleanup_limit", 0, "unsupported"),
        ("cleanup_limit", "x", "unsupported"),
        ("reference", 7, "invalid"),
        ("reference", True, "invalid"),
        ("reference", "x" * 256, "too_long"),
        ("reference", "a\0b", "null_character"),
        ("reference_origin", {}, "invalid"),
        ("reference_origin", "\0", "null_character"),
        ("metadata", [], "invalid"),
        ("metadata", "a", "invalid"),
        ("metadata", {"a": ["\0"]}, "null_character"),
        ("metadata", {"a\0": 1}, "null_character"),
        ("metadata", {"a": {"b": 2**63}}, "out_of_range"),
        ("metadata", {"a": -(2**63) - 1}, "out_of_range"),
        ("metadata", {"a": "x" * 2**20}, "too_big"),
        ("status", "completed", "read_only"),
        ("errors_log", {}, "read_only"),
        ("created_at", "2024-01-01T00:00:00.000Z", "read_only"),
        ("created_at", None, "read_only"),
        ("position", 1, "unknown"),
        ("mode", "live", "unknown"),
        ("_interrupt", True, "unknown"),
        ("id", "7", "unknown"),
        ("é/~", None, "unknown"),
    ],
)
def test_what_is_wrong_with_an_attribute_is_said_at_its_place(
    caller: Caller, name: str, value: Any, error: str
) -> None:
    answer = create(caller, **{name: value})
    place = name.replace("~", "~0").replace("/", "~1")
    assert refusals(answer) == {(f"{ATTRIBUTES}/{place}", error)}
    if isinstance(value, str | bool | int) and len(str(value)) < 200:
        assert answer.error["meta"]["value"] == value or error in ("read_only", "unknown")


@pytest.mark.parametrize("number", ["1e999", "9" * 5_000, '{"a": -1e400}'])
def test_numbers_that_no_computer_holds_are_refused(caller: Caller, number: str) -> None:
    body = json.dumps(import_document(metadata="N")).replace('"N"', number).encode()
    [(pointer, _)] = refusals(caller.post(PATH, body))
    assert pointer == f"{ATTRIBUTES}/metadata"


def test_everything_that_is_wrong_is_said_at_once(caller: Caller) -> None:
    body = import_document(
        resource_type="skus",
        parent_resource_id="7",
        format="xml",
        skip_errors=7,
        reference=7,
        metadata=[],
        inputs=[{}, 1, {}, "x"],
        status="completed",
        nonsense=1,
    )
    body["data"]["relationships"] = {"events": {"data": None}}
    assert refusals(caller.post(PATH, body)) == {
        (f"{ATTRIBUTES}/parent_resource_id", "not_allowed"),
        (f"{ATTRIBUTES}/format", "inclusion"),
        (f"{ATTRIBUTES}/skip_errors", "invalid"),
        (f"{ATTRIBUTES}/reference", "invalid"),
        (f"{ATTRIBUTES}/metadata", "invalid"),
        (f"{ATTRIBUTES}/inputs/1", "invalid"),
        (f"{ATTRIBUTES}/inputs/3", "invalid"),
        (f"{ATTRIBUTES}/status", "read_only"),
        (f"{ATTRIBUTES}/nonsense", "unknown"),
        ("/data/relationships/events", "unknown"),
    }


def test_what_is_required_is_missed(caller: Caller) -> None:
    answer = caller.post(PATH, {"data": {"type": "imports"}})
    assert refusals(answer) == {
        (f"{ATTRIBUTES}/resource_type", "blank"),
        (f"{ATTRIBUTES}/inputs", "blank"),
    }


def test_rows_over_the_limits_are_refused(caller: Caller, settings: Settings) -> None:
    settings.IMPORTS_MAX_ROWS = 2
    settings.IMPORTS_MAX_ROW_BYTES = 30
    assert refusals(create(caller, inputs=[{}] * 3)) == {(f"{ATTRIBUTES}/inputs", "too_many")}
    assert refusals(create(caller, inputs=[{}, {"code": "x" * 30}])) == {
        (f"{ATTRIBUTES}/inputs/1", "too_big")
    }


HOSTILE_IDS = ["0", "-1", "007", "x", "1.0", "\0", "9" * 30, "٣", "é", " 1", "x" * 255]


@pytest.mark.parametrize("parent_id", [*HOSTILE_IDS, str(uuid.uuid4())])
def test_a_parent_must_exist(caller: Caller, parent_id: str) -> None:
    answer = create(caller, resource_type="prices", parent_resource_id=parent_id)
    error = "null_character" if "\0" in parent_id else "not_found"
    assert (f"{ATTRIBUTES}/parent_resource_id", error) in refusals(answer)


def test_a_parent_of_the_other_mode_does_not_exist(caller: Caller) -> None:
    live = PriceListFactory.create(mode=Mode.LIVE)
    answer = create(caller, resource_type="prices", parent_resource_id=str(live.pk))
    assert refusals(answer) == {(f"{ATTRIBUTES}/parent_resource_id", "not_found")}


def test_a_parent_of_another_type_does_not_exist(caller: Caller) -> None:
    price_list = PriceListFactory.create(mode=caller.mode)
    answer = create(caller, resource_type="stock_items", parent_resource_id=str(price_list.pk))
    assert refusals(answer) == {(f"{ATTRIBUTES}/parent_resource_id", "not_found")}


def test_the_parent_of_an_unknown_type_is_no_second_error(caller: Caller) -> None:
    answer = create(caller, resource_type="unicorns", parent_resource_id="7")
    assert refusals(answer) == {(f"{ATTRIBUTES}/resource_type", "inclusion")}


def test_cleanup_needs_a_scope_of_its_own(caller: Caller) -> None:
    answer = create(caller, cleanup_records=True)
    assert answer.status == 403
    assert answer.error["code"] == "FORBIDDEN"
    assert not Import.objects.exists()

    scopes = "imports:read imports:write imports:cleanup"
    trusted = Caller(ApiClientFactory.create(scopes=scopes))
    assert create(trusted, cleanup_records=True).data["attributes"]["cleanup_records"] is True


def test_reading_does_not_let_write() -> None:
    reader = Caller(ApiClientFactory.create(scopes="imports:read"))
    assert create(reader).error["code"] == "FORBIDDEN"


@pytest.mark.parametrize("given", ["7", "", str(uuid.uuid4())])
def test_a_client_can_not_make_the_id(caller: Caller, given: str) -> None:
    body = import_document()
    body["data"]["id"] = given
    answer = caller.post(PATH, body)
    assert answer.status == 403
    assert answer.error["code"] == "FORBIDDEN"
    assert answer.error["source"] == {"pointer": "/data/id"}


def test_another_type_is_a_conflict(caller: Caller) -> None:
    answer = caller.post(PATH, {"data": {"type": "skus"}})
    assert answer.status == 409
    assert answer.error["code"] == "CONFLICT"
    assert answer.error["source"] == {"pointer": "/data/type"}


def test_one_client_has_so_many_active_imports(caller: Caller, settings: Settings) -> None:
    settings.IMPORTS_MAX_ACTIVE = 2
    ImportFactory.create(client=caller.client)
    ImportFactory.create(client=caller.client, completed=True)
    ImportFactory.create()
    assert create(caller).status == 201
    refused = create(caller)
    assert refused.status == 429
    assert refused.error["code"] == "TOO_MANY_REQUESTS"
    assert int(refused.headers["Retry-After"]) > 0
    Import.objects.filter(status=Status.PENDING, client=caller.client).first().delete()  # type: ignore[union-attr]
    assert create(caller).status == 201


def test_a_refused_request_leaves_nothing(caller: Caller) -> None:
    create(caller, reference=7)
    assert not Import.objects.exists()
    assert not ImportChunk.objects.exists()
