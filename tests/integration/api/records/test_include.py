"""`include`: records with the targets of their relations."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from imports_app.models import Mode
from tests.factories.commerce import PriceFactory, PriceListFactory, SkuFactory
from tests.integration.api.caller import Caller

pytestmark = pytest.mark.django_db

COUNT, PAGE, TOKEN = 1, 1, 1  # queries


def test_an_included_record_is_shown_as_it_is_by_itself(caller: Caller) -> None:
    price = PriceFactory.create()
    alone = caller.get(f"/api/prices/{price.pk}").data

    for path in (f"/api/prices/{price.pk}", "/api/prices"):
        document = caller.get(f"{path}?include=price_list,sku").document
        assert document["data"] == (alone if str(price.pk) in path else [alone])
        assert document["included"] == [
            caller.get(f"/api/price_lists/{price.price_list_id}").data,
            caller.get(f"/api/skus/{price.sku_id}").data,
        ]


def test_a_target_of_several_records_is_included_once(caller: Caller) -> None:
    price_list = PriceListFactory.create()
    prices = PriceFactory.create_batch(3, price_list=price_list)

    document = caller.get("/api/prices?include=price_list").document

    assert len(document["data"]) == len(prices)
    assert [resource["id"] for resource in document["included"]] == [str(price_list.pk)]


@pytest.mark.parametrize("included", ["sku", "price_list,sku"])
@pytest.mark.parametrize("prices", [1, 25])
def test_there_are_as_many_queries_as_relations_whatever_the_page(
    caller: Caller, django_assert_num_queries: DjangoAssertNumQueries, included: str, prices: int
) -> None:
    made = PriceFactory.create_batch(prices)
    relations = len(included.split(","))

    with django_assert_num_queries(TOKEN + COUNT + PAGE + relations):
        answer = caller.get(f"/api/prices?page[size]=100&include={included}")
    with django_assert_num_queries(TOKEN + PAGE + relations):
        caller.get(f"/api/prices/{made[0].pk}?include={included}")

    assert len(answer.document["included"]) == prices * relations


@pytest.mark.parametrize(
    ("fields", "attributes"),
    [
        ("fields[prices]=amount_cents", {"amount_cents"}),
        ("fields[prices]=sku_code", {"sku_code"}),
        ("fields[prices]=", set()),
    ],
)
def test_a_relation_that_is_not_shown_can_be_included(
    caller: Caller,
    django_assert_num_queries: DjangoAssertNumQueries,
    fields: str,
    attributes: set[str],
) -> None:
    price = PriceFactory.create()

    with django_assert_num_queries(TOKEN + COUNT + PAGE + 1):
        document = caller.get(f"/api/prices?{fields}&include=sku&fields[skus]=code").document

    [resource], [included] = document["data"], document["included"]
    assert resource["attributes"].keys() == attributes
    assert resource["relationships"] == {}
    assert included["id"] == str(price.sku_id)
    assert included["attributes"] == {"code": price.sku.code}
    assert included["relationships"] == {}


def test_a_relation_that_is_not_there_includes_nothing(caller: Caller) -> None:
    sku = SkuFactory.create(shipping_category=None)

    document = caller.get(f"/api/skus/{sku.pk}?include=shipping_category").document

    assert document["data"]["relationships"] == {"shipping_category": {"data": None}}
    assert document["included"] == []


def test_nothing_of_the_other_mode_is_included(caller: Caller) -> None:
    other = SkuFactory.create(mode=Mode.LIVE)
    PriceFactory.create(sku=other)

    document = caller.get("/api/prices?include=sku").document

    assert document["included"] == []


def test_the_tag_changes_with_what_is_included(caller: Caller) -> None:
    price = PriceFactory.create()
    path = f"/api/prices/{price.pk}?fields[prices]=&include=sku"
    before = caller.get(path).headers["ETag"]
    assert caller.get(path, If_None_Match=before).status == 304

    type(price.sku).objects.filter(pk=price.sku_id).update(name="another")

    assert caller.get(path, If_None_Match=before).status == 200


@pytest.mark.once
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("include=skus", "can't include 'skus'; the nearest is 'sku'"),
        ("include=sku.shipping_category", "can't include"),
        ("include=sku,", "can't include ''"),
        ("include=sku,sku", "names 'sku' twice"),
        ("include=sku&include=price_list", "is given more than once"),
    ],
)
@pytest.mark.parametrize("path", ["/api/prices", "/api/prices/{pk}"])
def test_only_relations_can_be_included(
    caller: Caller, path: str, query: str, message: str
) -> None:
    error: Any = caller.get(f"{path.format(pk=PriceFactory.create().pk)}?{query}").error

    assert error["code"] == "MALFORMED_REQUEST"
    assert error["source"] == {"parameter": "include"}
    assert error["title"].startswith(message)


def test_an_empty_include_includes_nothing(caller: Caller) -> None:
    PriceFactory.create()

    assert "included" not in caller.get("/api/prices?include=").document


def test_a_type_without_relations_has_nothing_to_include(caller: Caller) -> None:
    error = caller.get("/api/shipping_categories?include=skus").error

    assert error["title"] == "there is nothing to include"
