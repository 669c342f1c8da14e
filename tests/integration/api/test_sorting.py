from datetime import UTC, datetime
from urllib.parse import quote
from uuid import UUID

import pytest

from imports_app.commerce.models import Sku
from tests.factories.commerce import PriceFactory, ShippingCategoryFactory, SkuFactory
from tests.integration.api.caller import Caller

pytestmark = pytest.mark.django_db


def ids(caller: Caller, path: str) -> list[UUID]:
    return [UUID(record["id"]) for record in caller.get(path).data]


def test_the_newest_come_first_unless_asked_otherwise(caller: Caller) -> None:
    ids_ = [sku.pk for sku in SkuFactory.create_batch(3)]

    assert ids(caller, "/api/skus") == ids_[::-1]


def test_records_made_at_one_moment_are_sorted_by_id(caller: Caller) -> None:
    days = (2, 3, 1, 3)
    skus = SkuFactory.create_batch(len(days))
    for sku, day in zip(skus, days, strict=True):
        Sku.objects.filter(pk=sku.pk).update(created_at=datetime(2024, 1, day, tzinfo=UTC))
    first, second, third, fourth = (sku.pk for sku in skus)

    assert ids(caller, "/api/skus?sort=-created_at") == [fourth, second, first, third]
    assert ids(caller, "/api/skus?sort=created_at") == [third, first, second, fourth]


def test_several_attributes_count_in_turn_and_ties_go_by_id(caller: Caller) -> None:
    one, two, three, four = (
        SkuFactory.create(name=name, weight=weight).pk
        for name, weight in (("b", 1), ("a", 1), ("b", 2), ("b", 1))
    )

    assert ids(caller, "/api/skus?sort=name,weight") == [two, one, four, three]
    assert ids(caller, "/api/skus?sort=name,-weight") == [two, three, four, one]
    assert ids(caller, "/api/skus?sort=-name,weight") == [one, four, three, two]


def test_the_first_mention_of_an_attribute_decides(caller: Caller) -> None:
    one, two = (SkuFactory.create(code=code).pk for code in "ab")

    assert ids(caller, "/api/skus?sort=-code,code") == [two, one]


@pytest.mark.parametrize("sort", ["weight", "-weight"])
def test_nulls_come_last_both_ways(caller: Caller, sort: str) -> None:
    null = SkuFactory.create(weight=None).pk
    SkuFactory.create(weight=1)

    assert ids(caller, f"/api/skus?sort={sort}")[-1] == null


@pytest.mark.parametrize("sort", ["shipping_category_name", "-shipping_category_name"])
def test_records_without_the_relation_that_is_sorted_by_come_last(
    caller: Caller, sort: str
) -> None:
    null = SkuFactory.create(shipping_category=None).pk
    some = [
        SkuFactory.create(shipping_category=ShippingCategoryFactory.create(name=name)).pk
        for name in "ab"
    ]

    expected = some[::-1] if sort.startswith("-") else some
    assert ids(caller, f"/api/skus?sort={sort}") == [*expected, null]


def test_records_can_be_sorted_by_id_and_by_a_relations_key(caller: Caller) -> None:
    one, two = (PriceFactory.create(sku__code=code).pk for code in "ba")

    assert ids(caller, "/api/prices?sort=id") == [one, two]
    assert ids(caller, "/api/prices?sort=-id") == [two, one]
    assert ids(caller, "/api/prices?sort=sku_code") == [two, one]


@pytest.mark.once
@pytest.mark.parametrize(
    "sort", ["colour", "", "code,", "-", "--code", "metadata", "mode", "prices__id", "pk", "code\0"]
)
def test_an_attribute_that_can_not_be_sorted_by_is_a_400(caller: Caller, sort: str) -> None:
    answer = caller.get(f"/api/skus?sort={quote(sort)}")

    assert answer.status == 400
    assert answer.error["code"] == "MALFORMED_REQUEST"
    assert answer.error["source"] == {"parameter": "sort"}


@pytest.mark.once
def test_two_orders_are_a_400(caller: Caller) -> None:
    answer = caller.get("/api/skus?sort=code&sort=name")

    assert answer.status == 400
    assert answer.error["source"] == {"parameter": "sort"}
