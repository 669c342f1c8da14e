"""What an import changed, and taking it back, by the API."""

import csv
from typing import Any

import pytest

from imports_app.commerce.models import Sku
from imports_app.models import Import, KeptChanges
from tests.factories.clients import ApiClientFactory
from tests.factories.commerce import MarketFactory, SkuFactory
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Answer, Caller
from tests.running import Row, done, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)

ALL = "imports:read imports:write imports:cleanup"
ROWS: list[Row] = [{"code": "OLD", "name": "new", "weight": 2}, {"code": "NEW", "name": "n"}]


@pytest.fixture
def destroyer() -> Caller:
    return Caller(ApiClientFactory.create(scopes=ALL), scopes=ALL)


def imported(caller: Caller, *rows: Row, **options: Any) -> Import:
    return done("skus", *(rows or ROWS), mode=caller.mode, **options)


def changes(caller: Caller, import_: Import, query: str = "") -> list[dict[str, Any]]:
    found = caller.get(f"/api/imports/{import_.pk}/changes{query}").data
    return [change["attributes"] for change in found]


def undo(caller: Caller, import_: Import, **headers: str) -> Answer:
    return caller.post(f"/api/imports/{import_.pk}/undo", b"", **headers)


def test_changes_are_shown_before_and_after_in_the_order_of_rows(caller: Caller) -> None:
    old = SkuFactory.create(code="OLD", name="old", weight=2, mode=caller.mode)
    import_ = imported(caller)

    updated, created = changes(caller, import_)

    assert updated == {
        "resource_type": "skus",
        "index": 0,
        "line": None,
        "key": "OLD",
        "action": "updated",
        "record_id": str(old.pk),
        "changes": {"name": ["old", "new"]},
    }
    assert (created["index"], created["action"]) == (1, "created")
    assert created["changes"]["code"] == [None, "NEW"]
    assert not created["changes"].keys() & {"updated_at", "mode"}


def test_a_dry_run_shows_what_would_change(caller: Caller) -> None:
    SkuFactory.create(code="OLD", name="old", mode=caller.mode)
    import_ = imported(caller, dry_run=True)

    assert [(c["key"], c["record_id"]) for c in changes(caller, import_)] == [
        ("OLD", None),
        ("NEW", None),
    ]


def test_cleanup_comes_last_and_children_after_their_row(caller: Caller) -> None:
    market = str(MarketFactory.create(mode=caller.mode).pk)
    item = {"name": "x", "quantity": 1, "unit_amount_cents": 1}
    rows = [{"number": n, "market_id": market, "line_items": [item]} for n in "12"]
    first = done("orders", *rows, mode=caller.mode)
    second = done("orders", {"number": "1"}, mode=caller.mode, cleanup_records=True)

    assert [(c["index"], c["resource_type"]) for c in changes(caller, first)] == [
        (0, "orders"),
        (0, "line_items"),
        (1, "orders"),
        (1, "line_items"),
    ]
    destroyed = changes(caller, second)
    assert {(c["index"], c["action"]) for c in destroyed} == {(None, "destroyed")}
    assert destroyed[0]["changes"]["number"] == ["2", None]


def test_secret_values_show_as_changed_only(caller: Caller) -> None:
    done("customers", {"email": "a@shop.test", "password": "first"}, mode=caller.mode)
    import_ = done("customers", {"email": "a@shop.test", "password": "s3cret"}, mode=caller.mode)

    (change,) = changes(caller, import_)

    assert change["changes"] == {"password": [None, None]}
    assert KeptChanges.objects.latest("id").is_sealed


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("filter[q][action_eq]=created", ["NEW"]),
        ("filter[q][action_in]=created,updated", ["OLD", "NEW"]),
        ("filter[q][key_start]=OL", ["OLD"]),
        ("filter[q][key_eq]=X", []),
        ("page[size]=1&page[number]=2", ["NEW"]),
    ],
)
def test_changes_are_filtered_and_paged(caller: Caller, query: str, keys: list[str]) -> None:
    SkuFactory.create(code="OLD", name="old", mode=caller.mode)

    assert [c["key"] for c in changes(caller, imported(caller), f"?{query}")] == keys


def test_an_unknown_filter_is_refused(caller: Caller) -> None:
    answer = caller.get(f"/api/imports/{imported(caller).pk}/changes?filter[q][key_cont]=x")

    assert answer.status == 400


def test_a_file_has_a_line_an_attribute(caller: Caller) -> None:
    SkuFactory.create(code="OLD", name="=1+1", weight=2, mode=caller.mode)
    import_ = imported(caller, ROWS[0])

    answer = caller.get(f"/api/imports/{import_.pk}/changes", Accept="text/csv")

    (line,) = csv.DictReader(answer.content.decode().splitlines())
    assert (line["key"], line["attribute"], line["after"]) == ("OLD", "name", "new")
    assert line["before"] == "'=1+1"


def test_an_import_of_the_other_mode_is_a_404(caller: Caller) -> None:
    other = ImportFactory.create(mode="live" if caller.mode == "test" else "test")

    assert caller.get(f"/api/imports/{other.pk}/changes").status == 404
    assert undo(caller, other).status == 404


def test_an_undo_is_a_new_import_that_names_the_first(destroyer: Caller) -> None:
    import_ = imported(destroyer)

    answer = undo(destroyer, import_)

    shown = answer.data["attributes"]
    assert answer.status == 201
    assert answer.data["meta"]["undo_of"] == str(import_.pk)
    assert (shown["status"], shown["inputs_size"]) == ("pending", 2)
    assert (shown["inputs"], shown["attachment_url"]) == (None, None)
    run_to_end(Import.objects.get(pk=answer.data["id"]))
    assert not Sku.objects.exists()
    retry = destroyer.post(f"/api/imports/{answer.data['id']}/retry", b"")
    assert retry.status == 422


def test_no_row_of_an_undo_failed_in_a_file_either(destroyer: Caller) -> None:
    path = f"/api/imports/{undo(destroyer, imported(destroyer)).data['id']}/failures"

    assert destroyer.get(path).data == []
    answer = destroyer.get(path, Accept="text/csv")
    assert (answer.status, answer.content) == (200, b"errors\r\n")


def test_an_undo_that_destroys_needs_the_scope(caller: Caller) -> None:
    SkuFactory.create(code="OLD", name="old", mode=caller.mode)

    assert undo(caller, imported(caller)).status == 403
    assert undo(caller, imported(caller, ROWS[0] | {"name": "other"})).status == 201


def test_an_undo_may_be_a_dry_run_and_nothing_else(destroyer: Caller) -> None:
    path = f"/api/imports/{imported(destroyer).pk}/undo"

    def asked(**attributes: Any) -> Answer:
        return destroyer.post(path, {"data": {"type": "imports", "attributes": attributes}})

    assert asked(dry_run=True).data["attributes"]["dry_run"] is True
    assert asked(dry_run="x").status == 422
    assert asked(skip_errors=True).status == 422


def test_an_import_that_can_not_be_undone_is_refused(destroyer: Caller) -> None:
    import_ = imported(destroyer)
    first = undo(destroyer, import_)
    again = undo(destroyer, import_)
    assert (again.status, again.error["meta"]) == (409, {"undo": first.data["id"]})
    pending = Import.objects.get(pk=first.data["id"])
    assert undo(destroyer, pending).error["code"] == "LOCKED"
    run_to_end(pending)
    unkept = imported(destroyer, ROWS[1], keep_changes=False)
    assert undo(destroyer, unkept).status == 422
    unchanged = imported(destroyer, ROWS[1])
    assert undo(destroyer, unchanged).status == 422


def test_the_same_idempotency_key_gives_the_same_undo(destroyer: Caller) -> None:
    import_ = imported(destroyer)

    first = undo(destroyer, import_, Idempotency_Key="k")
    again = undo(destroyer, import_, Idempotency_Key="k")

    assert (again.status, again.data["id"]) == (201, first.data["id"])
    assert again.headers["Idempotency-Replayed"] == "true"


def test_the_imports_that_touched_a_record_are_found(destroyer: Caller) -> None:
    first = imported(destroyer, {"code": "A", "name": "a"}, {"code": "B", "name": "b"})
    imported(destroyer, {"code": "A", "name": "a"})  # unchanged
    imported(destroyer, {"code": "A", "name": "dry"}, dry_run=True)
    second = imported(destroyer, {"code": "A", "name": "x"})
    third = run_to_end(Import.objects.get(pk=undo(destroyer, second).data["id"]))
    other, record = (str(Sku.objects.get(code=code).pk) for code in "BA")

    def touched(name: str) -> list[str]:
        found = destroyer.get(f"/api/imports?filter[q][touched]={name}&fields[imports]=status")
        return [import_["id"] for import_ in found.data]

    assert touched(f"skus/{record}") == [str(each.pk) for each in (third, second, first)]
    assert touched(f"skus/{other}") == [str(first.pk)]
    assert touched("skus/nothing") == []
    assert destroyer.get("/api/imports?filter[q][touched]=pigs/1").status == 400
