from datetime import UTC, datetime

import pytest
from django.test import Client

from imports_app.commerce.models import Sku
from tests.factories.clients import ApiClientFactory, bearer
from tests.factories.commerce import PriceFactory, ShippingCategoryFactory, SkuFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def headers() -> dict[str, str]:
    return bearer(ApiClientFactory.create())


def ids(client: Client, headers: dict[str, str], path: str) -> list[int]:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.content
    return [int(record["id"]) for record in answer.json()["data"]]


def test_the_newest_come_first_unless_asked_otherwise(
    client: Client, headers: dict[str, str]
) -> None:
    days = (2, 3, 1, 3)
    skus = SkuFactory.create_batch(len(days))
    for sku, day in zip(skus, days, strict=True):
        Sku.objects.filter(pk=sku.pk).update(created_at=datetime(2024, 1, day, tzinfo=UTC))
    first, second, third, fourth = (sku.pk for sku in skus)

    assert ids(client, headers, "/api/skus") == [fourth, second, first, third]
    assert ids(client, headers, "/api/skus?sort=created_at") == [third, first, second, fourth]


def test_several_attributes_count_in_turn_and_ties_go_by_id(
    client: Client, headers: dict[str, str]
) -> None:
    one, two, three, four = (
        SkuFactory.create(name=name, weight=weight).pk
        for name, weight in (("b", 1), ("a", 1), ("b", 2), ("b", 1))
    )

    assert ids(client, headers, "/api/skus?sort=name,weight") == [two, one, four, three]
    assert ids(client, headers, "/api/skus?sort=name,-weight") == [two, three, four, one]
    assert ids(client, headers, "/api/skus?sort=-name,weight") == [one, four, three, two]


def test_the_first_mention_of_an_attribute_decides(client: Client, headers: dict[str, str]) -> None:
    one, two = (SkuFactory.create(code=code).pk for code in "ab")

    assert ids(client, headers, "/api/skus?sort=-code,code") == [two, one]


@pytest.mark.parametrize("sort", ["weight", "-weight"])
def test_nulls_come_last_both_ways(client: Client, headers: dict[str, str], sort: str) -> None:
    null = SkuFactory.create(weight=None).pk
    SkuFactory.create(weight=1)

    assert ids(client, headers, f"/api/skus?sort={sort}")[-1] == null


@pytest.mark.parametrize("sort", ["shipping_category_name", "-shipping_category_name"])
def test_records_without_the_relation_that_is_sorted_by_come_last(
    client: Client, headers: dict[str, str], sort: str
) -> None:
    null = SkuFactory.create(shipping_category=None).pk
    some = [
        SkuFactory.create(shipping_category=ShippingCategoryFactory.create(name=name)).pk
        for name in "ab"
    ]

    expected = some[::-1] if sort.startswith("-") else some
    assert ids(client, headers, f"/api/skus?sort={sort}") == [*expected, null]


def test_records_can_be_sorted_by_id_and_by_a_relations_key(
    client: Client, headers: dict[str, str]
) -> None:
    one, two = (PriceFactory.create(sku__code=code).pk for code in "ba")

    assert ids(client, headers, "/api/prices?sort=id") == [one, two]
    assert ids(client, headers, "/api/prices?sort=-id") == [two, one]
    assert ids(client, headers, "/api/prices?sort=sku_code") == [two, one]


@pytest.mark.parametrize(
    "sort", ["colour", "", "code,", "-", "--code", "metadata", "mode", "prices__id", "pk", "code\0"]
)
def test_what_can_not_be_sorted_by_is_a_400(
    client: Client, headers: dict[str, str], sort: str
) -> None:
    answer = client.get("/api/skus", {"sort": sort}, headers=headers)

    (error,) = answer.json()["errors"]
    assert answer.status_code == 400
    assert error["code"] == "MALFORMED_REQUEST"
    assert error["source"] == {"parameter": "sort"}


def test_two_orders_are_a_400(client: Client, headers: dict[str, str]) -> None:
    answer = client.get("/api/skus", {"sort": ["code", "name"]}, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["source"] == {"parameter": "sort"}
