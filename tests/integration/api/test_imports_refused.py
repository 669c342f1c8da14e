import json
from typing import Any

import pytest
from pytest_django import Settings

from imports_app.models import Import, ImportChunk, Mode
from imports_app.models.status import Status
from tests.factories.clients import ApiClientFactory
from tests.factories.commerce import PriceListFactory
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Answer, Caller, import_document

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PATH = "/api/imports"
NOBODYS_ID = "0190b5a2-7c1e-7f00-8d3b-5e6f7a8b9c0d"
ATTRIBUTES = "/data/attributes"


def create(caller: Caller, **attributes: Any) -> Answer:
    return caller.post(PATH, import_document(**attributes))


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
        ("format", "xml", "inclusion"),
        ("format", 7, "invalid"),
        ("dry_run", "yes", "invalid"),
        ("skip_errors", 1, "invalid"),
        ("skip_errors", "", "invalid"),
        ("skip_errors", [], "invalid"),
        ("skip_errors", {}, "invalid"),
        ("cleanup_records", "no", "invalid"),
        ("cleanup_limit", -1, "greater_than_or_equal_to"),
        ("cleanup_limit", 2**63, "less_than"),
        ("cleanup_limit", "7", "invalid"),
        ("cleanup_limit", 1.5, "invalid"),
        ("cleanup_limit", True, "invalid"),
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
def test_an_error_points_to_its_attribute(
    caller: Caller, name: str, value: Any, error: str
) -> None:
    answer = create(caller, **{name: value})
    place = name.replace("~", "~0").replace("/", "~1")
    assert refusals(answer) == {(f"{ATTRIBUTES}/{place}", error)}
    if isinstance(value, str | bool | int) and len(str(value)) < 200:
        kept_back = error in ("read_only", "unknown") or name == "inputs"
        assert answer.error["meta"]["value"] == (None if kept_back else value)


@pytest.mark.parametrize("number", ["1e999", "9" * 5_000, '{"a": -1e400}'])
@pytest.mark.backend
def test_numbers_that_no_computer_holds_are_refused(caller: Caller, number: str) -> None:
    body = json.dumps(import_document(metadata="N")).replace('"N"', number).encode()
    [(pointer, _)] = refusals(caller.post(PATH, body))
    assert pointer == f"{ATTRIBUTES}/metadata"


def test_all_errors_are_reported_at_once(caller: Caller) -> None:
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


def test_a_missing_required_attribute_is_an_error(caller: Caller) -> None:
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


@pytest.mark.parametrize("parent_id", [*HOSTILE_IDS, NOBODYS_ID])
@pytest.mark.backend
def test_a_parent_must_exist(caller: Caller, parent_id: str) -> None:
    answer = create(caller, resource_type="prices", parent_resource_id=parent_id)
    error = "null_character" if "\0" in parent_id else "not_found"
    assert (f"{ATTRIBUTES}/parent_resource_id", error) in refusals(answer)


@pytest.mark.backend
def test_a_parent_of_the_other_mode_does_not_exist(caller: Caller) -> None:
    live = PriceListFactory.create(mode=Mode.LIVE)
    answer = create(caller, resource_type="prices", parent_resource_id=str(live.pk))
    assert refusals(answer) == {(f"{ATTRIBUTES}/parent_resource_id", "not_found")}


@pytest.mark.backend
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


@pytest.mark.parametrize("given", ["7", "", NOBODYS_ID])
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


@pytest.mark.backend
def test_the_number_of_a_clients_active_imports_is_limited(
    caller: Caller, settings: Settings
) -> None:
    settings.IMPORTS_MAX_ACTIVE = 2
    ImportFactory.create(client=caller.client)
    ImportFactory.create(client=caller.client, completed=True)
    ImportFactory.create()
    assert create(caller).status == 201
    refused = create(caller)
    assert refused.status == 429
    assert refused.error["code"] == "TOO_MANY_REQUESTS"
    assert int(refused.headers["Retry-After"]) > 0
    Import.objects.filter(status=Status.PENDING, caller=caller.client.client_id).first().delete()  # type: ignore[union-attr]
    assert create(caller).status == 201


@pytest.mark.backend
def test_a_refused_request_leaves_nothing(caller: Caller) -> None:
    create(caller, reference=7)
    assert not Import.objects.exists()
    assert not ImportChunk.objects.exists()


@pytest.mark.parametrize("name", ["dry_run", "all_or_nothing"])
@pytest.mark.backend
def test_on_sqlite_what_takes_one_transaction_must_be_short(
    caller: Caller, settings: Settings, name: str
) -> None:
    settings.IMPORTS_SQLITE_WHOLE_ROWS = 2
    rows = [{"code": code} for code in "ABC"]

    assert create(caller, **{name: True}, inputs=rows[:2]).status == 201
    Import.objects.all().delete()
    answer = create(caller, **{name: True}, inputs=rows)

    if not settings.ON_SQLITE:
        assert answer.status == 201
        return
    assert refusals(answer) == {(f"{ATTRIBUTES}/{name}", "too_long")}
    assert "3 rows (maximum is 2 on SQLite" in answer.errors[0]["title"]


@pytest.mark.backend
def test_on_sqlite_all_or_nothing_of_many_passwords_is_refused(
    caller: Caller, settings: Settings
) -> None:
    settings.IMPORTS_PASSWORD_ITERATIONS = 3_000_000
    rows = [{"email": f"{n}@shop.test", "password": "x"} for n in range(5)]
    order = {"resource_type": "customers", "inputs": rows}

    assert create(caller, **order, dry_run=True).status == 201
    answer = create(caller, **order, all_or_nothing=True)

    assert answer.status == (422 if settings.ON_SQLITE else 201)
