from typing import Any

import pytest

from imports_app.models import Import
from imports_app.models.status import Status
from imports_app.services import delete_import, relabel, request_interrupt
from tests.factories.clients import ApiClientFactory
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Answer, Caller

pytestmark = pytest.mark.django_db


def change(caller: Caller, import_: Import, query: str = "", **attributes: Any) -> Answer:
    body = {
        "data": {
            "type": "imports",
            "attributes": attributes,
            "relationships": {},
            "id": str(import_.pk),
        }
    }
    return caller.patch(f"/api/imports/{import_.pk}{query}", body)


@pytest.fixture
def import_() -> Import:
    return ImportFactory.create(reference="old", reference_origin="shop", metadata={"a": 1})


def test_the_labels_can_be_changed(caller: Caller, import_: Import) -> None:
    labels: dict[str, Any] = {"reference": "new", "reference_origin": "", "metadata": {"b": [2]}}
    answer = change(caller, import_, **labels)
    assert answer.status == 200
    assert {name: answer.data["attributes"][name] for name in labels} == labels
    assert answer.data["attributes"]["inputs"] == [
        {"code": "A", "name": "a"},
        {"code": "B", "name": "b"},
    ]
    kept = Import.objects.get()
    assert {name: getattr(kept, name) for name in labels} == labels
    assert kept.updated_at > import_.updated_at
    shown = caller.get(f"/api/imports/{import_.pk}").data["attributes"]
    # Its signature says when it was made.
    assert {**shown, "attachment_url": answer.data["attributes"]["attachment_url"]} == (
        answer.data["attributes"]
    )


def test_attributes_that_are_not_given_stay(caller: Caller, import_: Import) -> None:
    shown = change(caller, import_, reference="new").data["attributes"]
    assert shown["reference_origin"] == "shop"
    assert shown["metadata"] == {"a": 1}


def test_null_means_the_default(caller: Caller, import_: Import) -> None:
    shown = change(caller, import_, reference=None, metadata=None).data["attributes"]
    assert shown["reference"] is None
    assert shown["metadata"] == {}


@pytest.mark.once
@pytest.mark.parametrize("attributes", [{}, {"_interrupt": False}, {"_interrupt": None}])
def test_a_document_without_changes_changes_nothing(
    caller: Caller, import_: Import, attributes: dict[str, Any]
) -> None:
    assert change(caller, import_, **attributes).status == 200
    kept = Import.objects.get()
    assert kept.status == Status.PENDING
    assert kept.updated_at == import_.updated_at


@pytest.mark.parametrize("true", [True, "true"])
def test_a_pending_import_is_interrupted_at_once(
    caller: Caller, import_: Import, true: object
) -> None:
    shown = change(caller, import_, _interrupt=true, reference="why").data["attributes"]
    assert shown["status"] == "interrupted"
    assert shown["interrupted_at"] is not None
    assert shown["started_at"] is None
    assert shown["reference"] == "why"
    assert "_interrupt" not in shown


def test_a_running_import_is_told_to_stop(caller: Caller) -> None:
    running = ImportFactory.create(in_progress=True)
    assert change(caller, running, _interrupt=True).data["attributes"]["status"] == "in_progress"
    assert Import.objects.get().interrupt_requested


@pytest.mark.parametrize("life", ["completed", "interrupted"])
def test_a_final_import_stays_as_it_is(caller: Caller, life: str) -> None:
    final = ImportFactory.create(**{life: True})
    assert change(caller, final, _interrupt=True).status == 200
    kept = Import.objects.get()
    assert (kept.status, kept.updated_at) == (final.status, final.updated_at)
    assert not kept.interrupt_requested


@pytest.mark.once
def test_only_the_fields_asked_for_come_back(caller: Caller, import_: Import) -> None:
    answer = change(caller, import_, "?fields[imports]=status", _interrupt=True)
    assert answer.data["attributes"] == {"status": "interrupted"}


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("reference", 7, "invalid"),
        ("reference", "x" * 256, "too_long"),
        ("reference_origin", "\0", "null_character"),
        ("metadata", [], "invalid"),
        ("metadata", {"a": "\0"}, "null_character"),
        ("_interrupt", "yes", "invalid"),
        ("_interrupt", 1, "invalid"),
        ("resource_type", "prices", "read_only"),
        ("status", "completed", "read_only"),
        ("inputs", [], "read_only"),
        ("inputs", None, "read_only"),
        ("cleanup_records", False, "read_only"),
        ("processed_count", 1, "read_only"),
        ("nothing", 1, "unknown"),
        ("mode", "live", "unknown"),
    ],
)
def test_an_attribute_that_can_not_be_changed_is_named(
    caller: Caller, import_: Import, name: str, value: Any, error: str
) -> None:
    answer = change(caller, import_, reference_origin_="x", **{name: value})
    places = {found["source"]["pointer"]: found["meta"]["error"] for found in answer.errors}
    assert answer.status == 422
    assert places == {
        "/data/attributes/reference_origin_": "unknown",
        f"/data/attributes/{name}": error,
    }
    assert Import.objects.get().updated_at == import_.updated_at


@pytest.mark.once
def test_relationships_can_not_be_changed(caller: Caller, import_: Import) -> None:
    relationships: Any = {"inputs": {"data": []}, "client": {}}
    body = {"data": {"type": "imports", "id": str(import_.pk), "relationships": relationships}}
    answer = caller.patch(f"/api/imports/{import_.pk}", body)
    assert {error["source"]["pointer"] for error in answer.errors} == {
        "/data/relationships/inputs/data",
        "/data/relationships/client",
    }


@pytest.mark.once
@pytest.mark.parametrize("given", [{}, {"id": None}, {"id": ""}, {"id": "7"}])
def test_the_id_must_be_that_of_the_url(
    caller: Caller, import_: Import, given: dict[str, Any]
) -> None:
    answer = caller.patch(f"/api/imports/{import_.pk}", {"data": {"type": "imports", **given}})
    assert answer.status == 409
    assert answer.error["code"] == "KEY_NOT_INCLUDED_IN_URL"
    assert answer.error["source"] == {"pointer": "/data/id"}


@pytest.mark.once
def test_another_type_is_a_conflict(caller: Caller, import_: Import) -> None:
    body = {"data": {"type": "skus", "id": str(import_.pk)}}
    assert caller.patch(f"/api/imports/{import_.pk}", body).status == 409


def test_an_import_that_was_deleted_since_it_was_read_is_missed(import_: Import) -> None:
    Import.objects.all().delete()
    with pytest.raises(Import.DoesNotExist):
        relabel(import_=import_, reference="x")
    with pytest.raises(Import.DoesNotExist):
        request_interrupt(import_=import_)
    with pytest.raises(Import.DoesNotExist):
        delete_import(import_=import_)


@pytest.mark.once
def test_reading_does_not_let_change(import_: Import) -> None:
    reader = Caller(ApiClientFactory.create(scopes="imports:read"))
    assert change(reader, import_, reference="x").error["code"] == "FORBIDDEN"
