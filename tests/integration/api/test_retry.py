import json
from typing import Any

import pytest
from pytest_django import Settings
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from imports_app.models import Import, ImportChunk, Mode
from imports_app.models.status import Status
from imports_app.queue.bell import ring
from imports_app.registry import importers
from imports_app.services import delete_import
from imports_app.storage.sealed import unsealed
from tests.factories.clients import ApiClientFactory
from tests.factories.commerce import PriceListFactory
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Answer, Caller
from tests.integration.api.test_failures import NOBODYS_ID, failed, numbered
from tests.running import run_import, run_to_end

pytestmark = pytest.mark.django_db


def retry(caller: Caller, import_: Import, **options: Any) -> Answer:
    return caller.post(f"/api/imports/{import_.pk}/retry", b"", **options)


def test_a_retry_is_a_new_import_of_the_failed_rows(caller: Caller) -> None:
    rows = numbered(5)
    first = failed(rows, 1, 3)
    answer = retry(caller, first)
    assert answer.status == 201
    assert answer.data["id"] != str(first.pk)
    assert answer.data["type"] == "imports"
    url = f"http://testserver/api/imports/{answer.data['id']}"
    assert answer.headers["Location"] == answer.data["links"]["self"] == url
    shown = answer.data["attributes"]
    assert shown["inputs"] == [rows[1], rows[3]]
    assert (shown["inputs_size"], shown["status"], shown["errors_count"]) == (2, "pending", 0)
    assert caller.get(f"/api/imports/{first.pk}").data["attributes"]["errors_count"] == 2


def test_rows_never_gone_through_are_retried_too(caller: Caller, settings: Settings) -> None:
    settings.IMPORTS_CHUNK_ROWS = 3
    rows = numbered(20)
    first = failed(rows, 1)
    Import.objects.update(processed_count=7, created_count=7)
    left = [rows[1], *rows[8:]]
    shown = retry(caller, first).data["attributes"]
    assert (shown["inputs"], shown["inputs_size"]) == (left, 13)
    sizes = ImportChunk.objects.exclude(bulk_import=first).values_list("first_row", "rows")
    assert list(sizes) == [(0, 3), (3, 3), (6, 3), (9, 3), (12, 1)]


def test_an_import_stopped_before_it_began_is_retried_whole(caller: Caller) -> None:
    first = ImportFactory.create(interrupted=True)
    shown = retry(caller, first).data["attributes"]
    assert shown["inputs"] == [{"code": "A", "name": "a"}, {"code": "B", "name": "b"}]


def test_a_retry_finishes_what_was_left_undone(caller: Caller) -> None:
    skus = importers.get("skus")
    rows = [{"code": f"S{number}", "name": "s"} for number in range(30)]
    rows[2] = {"code": "S2"}
    rows[5] = {"code": "S5"}
    first = run_import(skus, [*rows[:6], {"code": "S6"}, {"code": "S7"}, *rows[8:]])
    assert (first.status, first.processed_count, first.errors_count) == ("interrupted", 4, 4)
    skus.model._default_manager.create(code="S2", name="mended", mode=Mode.TEST)
    second = Import.objects.get(pk=retry(caller, first).data["id"])
    assert second.inputs_size == 26
    Import.objects.filter(pk=second.pk).update(skip_errors=True)
    second = run_to_end(second)
    assert (second.created_count, second.unchanged_count, second.errors_count) == (22, 1, 3)


def test_rows_keep_their_very_text(caller: Caller) -> None:
    first = failed(numbered(1), 0)
    text = b'[{"code":1e999, "weight" : 12345678901234567890123.10,"code":"\\u00e9"}]'
    ImportChunk.objects.update(inputs=text)
    retry(caller, first)
    assert {chunk.inputs for chunk in ImportChunk.objects.all()} == {text}


def test_a_retry_keeps_what_was_asked_for_but_cleanup(caller: Caller) -> None:
    parent = PriceListFactory.create()
    first = failed(
        numbered(1),
        0,
        resource_type="prices",
        parent_resource_id=str(parent.pk),
        format="csv",
        skip_errors=True,
        dry_run=True,
        reference="r",
        reference_origin="o",
        metadata={"a": 1},
        if_exists="skip",
        if_missing="fail",
        all_or_nothing=True,
        keep_changes=False,
        cleanup_records=True,
        cleanup_limit=5,
    )
    shown = retry(caller, first).data["attributes"]
    kept = (
        "resource_type",
        "parent_resource_id",
        "format",
        "if_exists",
        "if_missing",
        "skip_errors",
        "dry_run",
        "all_or_nothing",
        "keep_changes",
        "reference",
        "reference_origin",
        "metadata",
    )
    assert {name: shown[name] for name in kept} == {name: getattr(first, name) for name in kept}
    assert (shown["cleanup_records"], shown["cleanup_limit"]) == (False, None)


def test_a_retry_names_the_first_one_from_then_on(caller: Caller) -> None:
    first = failed(numbered(1), 0)
    answer = retry(caller, first)
    assert answer.data["meta"] == {"mode": "test", "version": 1, "retry_of": str(first.pk)}
    found = caller.get(f"/api/imports/{answer.data['id']}?fields[imports]=status").data
    retry_of = {"retry_of": str(first.pk)}
    assert found["meta"] == {"mode": "test", "version": 1, **retry_of, "queue_position": 1}
    listed = caller.get("/api/imports?fields[imports]=status&sort=created_at").data
    assert [import_["meta"].get("retry_of") for import_ in listed] == [None, str(first.pk)]
    delete_import(import_=first)
    found = caller.get(f"/api/imports/{answer.data['id']}").data
    assert "retry_of" not in found["meta"]


def test_a_retry_is_the_callers_and_takes_the_next_place(
    caller: Caller, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    first = failed(numbered(1), 0)
    with django_capture_on_commit_callbacks() as callbacks:
        pk = retry(caller, first).data["id"]
    assert callbacks.count(ring) == 1
    second = Import.objects.get(pk=pk)
    assert second.caller == caller.client.client_id
    assert second.position is not None
    assert first.position is not None
    assert second.position > first.position


def test_an_import_of_which_nothing_is_left_is_not_retried(caller: Caller) -> None:
    error = retry(caller, failed(numbered(2))).error
    assert (error["status"], error["code"]) == ("422", "VALIDATION_ERROR")
    assert Import.objects.count() == 1


def test_pruned_inputs_can_not_be_retried(caller: Caller) -> None:
    first = failed(numbered(1), 0)
    ImportChunk.objects.all().delete()
    assert retry(caller, first).error["status"] == "422"
    assert Import.objects.count() == 1


@pytest.mark.parametrize("life", [{}, {"in_progress": True}])
def test_an_import_that_is_not_final_is_locked(caller: Caller, life: dict[str, bool]) -> None:
    assert retry(caller, ImportFactory.create(**life)).error["code"] == "LOCKED"
    assert Import.objects.count() == 1


def test_a_retry_needs_its_type_and_its_parent(caller: Caller) -> None:
    first = failed(numbered(1), 0, resource_type="unicorns")
    assert retry(caller, first).error["meta"]["error"] == "inclusion"
    first = failed(numbered(1), 0, resource_type="prices", parent_resource_id="7")
    error = retry(caller, first).error
    assert error["source"] == {"pointer": "/data/attributes/parent_resource_id"}
    assert error["status"] == "422"


def test_an_import_of_the_other_mode_is_not_retried(caller: Caller) -> None:
    first = failed(numbered(1), 0, mode=Mode.LIVE)
    assert retry(caller, first).error["code"] == "RECORD_NOT_FOUND"
    assert Import.objects.count() == 1


@pytest.mark.once
@pytest.mark.parametrize("pk", [NOBODYS_ID, "1", "nothing"])
def test_an_unknown_import_is_not_retried(caller: Caller, pk: str) -> None:
    error = caller.post(f"/api/imports/{pk}/retry", b"").error
    assert error["code"] == "RECORD_NOT_FOUND"


@pytest.mark.once
def test_a_retry_needs_the_scope_to_write() -> None:
    reader = Caller(ApiClientFactory.create(), scopes="imports:read")
    assert retry(reader, failed(numbered(1), 0)).error["code"] == "FORBIDDEN"


def test_a_retry_counts_as_an_active_import(caller: Caller, settings: Settings) -> None:
    settings.IMPORTS_MAX_ACTIVE = 1
    first = failed(numbered(1), 0)
    assert retry(caller, first).status == 201
    assert retry(caller, first).error["code"] == "TOO_MANY_REQUESTS"


def test_a_retry_may_have_a_document_without_attributes(caller: Caller) -> None:
    first = failed(numbered(1), 0)
    path = f"/api/imports/{first.pk}/retry"
    data: dict[str, Any] = {"type": "imports", "attributes": {}, "relationships": {}}
    assert caller.post(path, {"data": data}).status == 201
    Import.objects.exclude(pk=first.pk).delete()
    assert caller.post(path, {"data": {**data, "id": str(first.pk)}}).status == 201
    assert caller.post(path, {"data": {**data, "id": "x"}}).status == 409
    assert caller.post(path, {"data": {**data, "type": "skus"}}).status == 409
    assert caller.post(path, b"{").status == 400
    data["attributes"] = {"skip_errors": True, "inputs": [], "colour": 1}
    answer = caller.post(path, {"data": data})
    named = {error["source"]["pointer"].rpartition("/")[2] for error in answer.errors}
    assert (answer.status, named) == (422, {"skip_errors", "inputs", "colour"})


@pytest.mark.once
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_retry_is_made_by_a_post_only(caller: Caller, method: str) -> None:
    first = failed(numbered(1), 0)
    answer = caller.request(method, f"/api/imports/{first.pk}/retry")
    assert answer.error["code"] == "METHOD_NOT_ALLOWED"


def test_secret_attributes_are_retried_but_not_shown(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importers.get("skus"), "secret", frozenset({"name"}), raising=False)
    rows = [{"code": "A", "name": "hush"}]
    answer = retry(caller, failed(rows, 0))
    assert b"hush" not in answer.content
    chunk = ImportChunk.objects.get(bulk_import_id=answer.data["id"])
    assert json.loads(chunk.inputs) == [{"code": "A"}]
    assert json.loads(unsealed(chunk)) == rows


def test_a_retry_can_be_retried(caller: Caller) -> None:
    second = Import.objects.get(pk=retry(caller, failed(numbered(1), 0)).data["id"])
    assert run_to_end(second).status == Status.INTERRUPTED
    third = retry(caller, second).data
    assert third["meta"]["retry_of"] == str(second.pk)


def test_an_import_is_retried_once(caller: Caller) -> None:
    first = failed(numbered(3), 0, 2)
    made = retry(caller, first).data["id"]

    error = retry(caller, first).error

    assert (error["status"], error["code"]) == ("409", "CONFLICT")
    assert error["meta"] == {"retry": made}
    assert Import.objects.count() == 2


def test_a_retry_with_the_same_key_is_answered_again(caller: Caller) -> None:
    first = failed(numbered(1), 0)
    made = retry(caller, first, Idempotency_Key="k").data["id"]

    again = retry(caller, first, Idempotency_Key="k")

    assert (again.status, again.data["id"]) == (201, made)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert retry(caller, first, Idempotency_Key="other").status == 409


def test_a_retry_that_was_deleted_is_in_nobodys_way(caller: Caller) -> None:
    first = failed(numbered(1), 0)
    made = retry(caller, first).data["id"]
    delete_import(import_=Import.objects.get(pk=made))

    assert retry(caller, first).status == 201
