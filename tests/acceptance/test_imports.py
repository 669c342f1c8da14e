"""From POST over the worker to GET."""

import uuid
from typing import Any

from tests.acceptance.api import Api
from tests.acceptance.rows import codes, invalid, sku_rows
from tests.acceptance.stack import Stack

COUNTS = ("processed_count", "created_count", "updated_count", "unchanged_count", "errors_count")
CLEANUP = "imports:read imports:write imports:cleanup"


def counts(import_: Any) -> tuple[int, ...]:
    return tuple(import_["attributes"][name] for name in COUNTS)


def status(import_: Any) -> str:
    value: str = import_["attributes"]["status"]
    return value


def test_an_import_completes_and_its_records_are_there(client: Api) -> None:
    rows = sku_rows(20)

    import_ = client.import_("skus", rows)

    assert status(import_) == "completed"
    assert counts(import_) == (20, 20, 0, 0, 0)
    records = client.records("skus", "code", codes(rows))
    shown = [{name: record["attributes"][name] for name in ("code", "name")} for record in records]
    assert sorted(shown, key=lambda row: row["code"]) == rows


def test_importing_again_updates_what_differs_and_leaves_the_rest(client: Api) -> None:
    rows = sku_rows(20)
    client.import_("skus", rows)
    before = client.records("skus", "code", codes(rows))

    import_ = client.import_("skus", [*rows[:15], *({**row, "name": "New"} for row in rows[15:])])

    assert counts(import_) == (20, 0, 5, 15, 0)
    after = client.records("skus", "code", codes(rows))
    assert {record["id"] for record in after} == {record["id"] for record in before}
    assert sum(record["attributes"]["name"] == "New" for record in after) == 5


def test_an_import_that_skips_errors_completes_with_all_of_them_logged(client: Api) -> None:
    rows = sku_rows(10)
    bad = rows[2:9:2]

    import_ = client.import_(
        "skus", [invalid(row) if row in bad else row for row in rows], skip_errors=True
    )

    assert status(import_) == "completed"
    assert counts(import_) == (6, 6, 0, 0, 4)
    log = import_["attributes"]["errors_log"]
    assert log == {code: {"name": ["can't be blank"]} for code in codes(bad)}
    assert len(client.records("skus", "code", codes(rows))) == 6


def test_an_import_is_interrupted_at_the_row_that_is_one_error_too_many(client: Api) -> None:
    rows = sku_rows(20)
    bad = rows[5:8]

    import_ = client.import_("skus", [invalid(row) if row in bad else row for row in rows])

    assert status(import_) == "interrupted"
    assert counts(import_) == (5, 5, 0, 0, 3)
    assert import_["attributes"]["errors_log"].keys() == set(codes(bad))
    records = client.records("skus", "code", codes(rows))
    assert {record["attributes"]["code"] for record in records} == set(codes(rows[:5]))


def test_a_dry_run_counts_as_if_it_had_written(client: Api) -> None:
    rows = sku_rows(10)
    client.import_("skus", rows[:5])

    import_ = client.import_("skus", rows, dry_run=True)

    assert status(import_) == "completed"
    assert counts(import_) == (10, 5, 0, 5, 0)
    assert len(client.records("skus", "code", codes(rows))) == 5


def test_cleanup_destroys_what_the_parent_has_and_the_inputs_do_not_name(stack: Stack) -> None:
    client = stack.client(scopes=CLEANUP)
    rows = sku_rows(6)
    client.import_("skus", rows)
    prices = [{"sku_code": code, "amount_cents": 100} for code in codes(rows)]
    ours, others = (price_list(client), price_list(client))
    for parent in (ours, others):
        assert status(client.import_("prices", prices, parent_resource_id=parent)) == "completed"

    import_ = client.import_("prices", prices[:4], parent_resource_id=ours, cleanup_records=True)

    assert status(import_) == "completed"
    assert counts(import_) == (4, 0, 0, 4, 0)
    assert import_["attributes"]["destroyed_count"] == 2
    left = [
        (record["relationships"]["price_list"]["data"]["id"], record["attributes"]["sku_code"])
        for record in client.records("prices", "sku_code", codes(rows))
    ]
    assert sorted(left) == sorted(
        [(ours, code) for code in codes(rows)[:4]] + [(others, code) for code in codes(rows)]
    )


def price_list(client: Api) -> str:
    """The id of a new one."""
    name = f"List {uuid.uuid4().hex}"
    import_ = client.import_("price_lists", [{"name": name, "currency_code": "EUR"}])
    assert counts(import_) == (1, 1, 0, 0, 0)
    [record] = client.records("price_lists", "name", [name])
    id_: str = record["id"]
    return id_


def test_two_unrelated_imports_both_come_to_their_end(client: Api) -> None:
    rows, name = sku_rows(2_000), uuid.uuid4().hex[:8]
    large = client.create_import("skus", rows)
    small = client.create_import("tags", [{"name": name}])

    assert counts(client.finished(small["id"])) == (1, 1, 0, 0, 0)
    assert counts(client.finished(large["id"])) == (2_000, 2_000, 0, 0, 0)
    assert len(client.records("tags", "name", [name])) == 1


def test_imports_of_one_type_take_effect_in_the_order_of_their_creation(client: Api) -> None:
    rows = sku_rows(50)
    created = [
        client.create_import("skus", [{**row, "name": f"Name {turn}"} for row in rows])
        for turn in range(5)
    ]

    finished = [client.finished(import_["id"]) for import_ in created]

    assert [counts(import_)[1:3] for import_ in finished] == [(50, 0), *[(0, 50)] * 4]
    names = {
        record["attributes"]["name"] for record in client.records("skus", "code", codes(rows)[:25])
    }
    assert names == {"Name 4"}
