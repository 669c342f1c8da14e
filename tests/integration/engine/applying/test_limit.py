"""An import stops at the very row with which too many have failed."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from imports_app.commerce.models import Customer, ShippingCategory, Sku
from imports_app.models import Import
from imports_app.models.status import Status
from imports_app.registry import importers
from tests.factories.commerce import CustomerFactory, ShippingCategoryFactory
from tests.running import Row, row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[{}, {"IMPORTS_CHUNK_ROWS": 7}], ids=["one chunk", "chunks of 7"])
def _pace(request: pytest.FixtureRequest) -> Iterator[None]:
    with override_settings(**request.param):
        yield


def sku(index: int) -> Row:
    return {"code": f"C{index:03}", "name": f"n{index}"}


def skus(count: int, *, bad: set[int], **attributes: Any) -> Import:
    """An import of so many skus, of which those of the bad indexes can't be."""
    rows = [sku(index) | ({"weight": "heavy"} if index in bad else {}) for index in range(count)]
    return run_import(importers.get("skus"), rows, **attributes)


def outcome(import_: Import) -> tuple[str, int, int]:
    return import_.status, import_.processed_count, import_.errors_count


@pytest.mark.usefixtures("_pace")
def test_exactly_ten_percent_may_fail() -> None:
    import_ = skus(20, bad={3, 19})

    assert outcome(import_) == (Status.COMPLETED, 18, 2)
    assert import_.completed_at is not None
    assert import_.interrupted_at is None


@pytest.mark.usefixtures("_pace")
@pytest.mark.parametrize("last", [2, 6, 7, 13, 18, 19])
def test_one_failure_above_the_limit_stops_the_import_at_its_row(last: int) -> None:
    import_ = skus(20, bad={0, 1, last})

    assert outcome(import_) == (Status.INTERRUPTED, last - 2, 3)
    assert set(Sku.objects.values_list("code", flat=True)) == {
        f"C{index:03}" for index in range(2, last)
    }
    assert set(row_errors(import_)) == {0, 1, last}
    assert import_.interrupted_at is not None
    assert import_.completed_at is None


@pytest.mark.usefixtures("_pace")
def test_rows_behind_the_one_that_stops_leave_no_trace() -> None:
    import_ = skus(20, bad={5, 6, 8, 9, 10, 19})

    assert outcome(import_) == (Status.INTERRUPTED, 6, 3)
    assert set(row_errors(import_)) == {5, 6, 8}
    assert not Sku.objects.filter(code__gt="C008").exists()


def test_a_repeat_behind_the_row_that_stops_is_not_warned_of() -> None:
    rows = [sku(0), {"code": "X"}, sku(0)]

    import_ = run_import(importers.get("skus"), rows)

    assert outcome(import_) == (Status.INTERRUPTED, 1, 1)
    assert import_.warnings_count == 0


@pytest.mark.parametrize("count", [1, 9])
def test_no_row_of_fewer_than_ten_may_fail(count: int) -> None:
    import_ = skus(count, bad={count - 1})

    assert outcome(import_) == (Status.INTERRUPTED, count - 1, 1)


@pytest.mark.usefixtures("_pace")
def test_any_number_may_fail_with_skip_errors() -> None:
    import_ = skus(20, bad=set(range(20)) - {13}, skip_errors=True)

    assert outcome(import_) == (Status.COMPLETED, 1, 19)
    assert set(row_errors(import_)) == set(range(20)) - {13}
    assert Sku.objects.get().code == "C013"


@override_settings(IMPORTS_ERROR_PERCENT=50)
def test_the_limit_is_a_setting() -> None:
    assert outcome(skus(4, bad={0, 1})) == (Status.COMPLETED, 2, 2)


@override_settings(IMPORTS_ERROR_PERCENT=0)
def test_a_limit_of_zero_lets_no_row_fail() -> None:
    assert outcome(skus(200, bad={150})) == (Status.INTERRUPTED, 150, 1)


@pytest.mark.usefixtures("_pace")
@pytest.mark.parametrize("last", [3, 8, 19])
def test_a_failure_that_only_the_database_finds_stops_at_its_row_too(last: int) -> None:
    CustomerFactory.create(email="other@example.com", shopper_reference="taken")
    rows: list[Row] = [{"email": f"c{index}@example.com"} for index in range(20)]
    for index in (0, 2, last):
        rows[index]["shopper_reference"] = "taken"

    import_ = run_import(importers.get("customers"), rows)

    assert outcome(import_) == (Status.INTERRUPTED, last - 2, 3)
    assert Customer.objects.count() == 1 + last - 2
    assert {
        index: [(e.attribute, e.code) for e in errors]
        for index, errors in row_errors(import_).items()
    } == {index: [("shopper_reference", "taken")] for index in (0, 2, last)}


@pytest.mark.usefixtures("_pace")
def test_failures_of_every_kind_count_together() -> None:
    ShippingCategoryFactory.create(name="other", code="taken")
    rows: list[Row] = [{"name": f"n{index}"} for index in range(30)]
    rows[4]["code"] = "taken"
    rows[9] = {"name": "n9", "code": 5}
    rows[11] = {"id": "999999"}
    rows[17]["code"] = "taken"
    rows[21]["code"] = "taken"

    import_ = run_import(importers.get("shipping_categories"), rows)

    assert outcome(import_) == (Status.INTERRUPTED, 14, 4)
    assert set(row_errors(import_)) == {4, 9, 11, 17}
    assert ShippingCategory.objects.count() == 1 + 14


@pytest.mark.usefixtures("_pace")
def test_a_unique_value_that_is_used_twice_fails_the_later_row() -> None:
    rows: list[Row] = [{"name": f"n{index}"} for index in range(30)]
    rows[3]["code"] = rows[20]["code"] = "same"

    import_ = run_import(importers.get("shipping_categories"), rows)

    assert outcome(import_) == (Status.COMPLETED, 29, 1)
    assert set(row_errors(import_)) == {20}


def test_an_interrupted_import_destroys_nothing() -> None:
    skus(3, bad=set())

    import_ = run_import(
        importers.get("skus"), [{"code": "C001", "weight": "heavy"}], cleanup_records=True
    )

    assert outcome(import_) == (Status.INTERRUPTED, 0, 1)
    assert (import_.destroyed_count, Sku.objects.count()) == (0, 3)


def test_ten_thousand_rows_that_all_fail_are_all_counted_and_logged() -> None:
    import_ = skus(10_000, bad=set(range(10_000)), skip_errors=True)

    assert outcome(import_) == (Status.COMPLETED, 0, 10_000)
    assert import_.failures.count() == 10_000
    assert not Sku.objects.exists()


def test_many_rows_that_only_the_database_refuses_all_fail_alone() -> None:
    CustomerFactory.create(email="other@example.com", shopper_reference="taken")
    rows: list[Row] = [{"email": f"c{index}@example.com"} for index in range(300)]
    for index in range(0, 300, 2):
        rows[index]["shopper_reference"] = "taken"

    import_ = run_import(importers.get("customers"), rows, skip_errors=True)

    assert outcome(import_) == (Status.COMPLETED, 150, 150)
    assert set(row_errors(import_)) == set(range(0, 300, 2))
