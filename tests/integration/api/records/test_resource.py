import pytest
from pytest_django import DjangoAssertNumQueries

from imports_app.importer import Importer
from imports_app.outputs.record_types import record_type_for
from imports_app.registry import importers
from tests.factories import factory_for
from tests.factories.commerce import PriceFactory, SkuFactory
from tests.integration.api.caller import Caller

pytestmark = pytest.mark.django_db

COUNT, PAGE, TOKEN = 1, 1, 1  # queries


def test_a_record_is_shown_with_all_that_it_has(caller: Caller) -> None:
    price = PriceFactory.create(compare_at_amount_cents=None)

    document = caller.get(f"/api/prices/{price.pk}").document

    created_at = document["data"]["attributes"].pop("created_at")
    assert created_at == price.created_at.isoformat(timespec="milliseconds")[:-6] + "Z"
    assert document["data"]["attributes"].pop("updated_at")[-1] == "Z"
    assert document == {
        "data": {
            "type": "prices",
            "id": str(price.pk),
            "links": {"self": f"http://testserver/api/prices/{price.pk}"},
            "attributes": {
                "amount_cents": price.amount_cents,
                "compare_at_amount_cents": None,
                "rules": price.rules,
                "price_list_name": price.price_list.name,
                "sku_code": price.sku.code,
                "reference": price.reference,
                "reference_origin": price.reference_origin,
                "metadata": price.metadata,
            },
            "relationships": {
                "price_list": {"data": {"type": "price_lists", "id": str(price.price_list_id)}},
                "sku": {"data": {"type": "skus", "id": str(price.sku_id)}},
            },
            "meta": {"mode": "test"},
        }
    }


def test_a_relation_that_is_not_there_is_null(caller: Caller) -> None:
    sku = SkuFactory.create(shipping_category=None)

    resource = caller.get(f"/api/skus/{sku.pk}").data

    assert resource["relationships"] == {"shipping_category": {"data": None}}
    assert resource["attributes"]["shipping_category_name"] is None


@pytest.mark.parametrize("importer", importers, ids=lambda importer: importer.resource_type)
def test_every_attribute_can_be_asked_for_alone_filtered_and_sorted_by(
    caller: Caller, importer: Importer
) -> None:
    factory_for(importer.model).create()
    name = importer.resource_type
    (whole,) = caller.get(f"/api/{name}").data

    for attribute, value in whole["attributes"].items():
        asked_for = f"/api/{name}?fields[{name}]={attribute}&filter[q][{attribute}_not_null]=1"
        sort = "" if isinstance(value, dict) else f"&sort=-{attribute}"
        (resource,) = caller.get(asked_for + sort).data
        assert resource == {**whole, "attributes": {attribute: value}, "relationships": {}}


@pytest.mark.once
@pytest.mark.parametrize(
    ("query", "attributes", "relationships"),
    [
        ("fields[skus]=code,name", {"code", "name"}, set()),
        ("fields[skus]=code,bogus,secret", {"code"}, set()),
        ("fields[skus]=shipping_category", set(), {"shipping_category"}),
        ("fields[skus]=shipping_category_name", {"shipping_category_name"}, set()),
        ("fields[skus]=", set(), set()),
    ],
)
def test_only_the_fields_that_were_asked_for_are_shown(
    caller: Caller,
    query: str,
    attributes: set[str],
    relationships: set[str],
) -> None:
    sku = SkuFactory.create()
    (whole,) = caller.get("/api/skus").data

    for path in ("/api/skus", f"/api/skus/{sku.pk}"):
        data = caller.get(f"{path}?{query}").data
        resource = data[0] if isinstance(data, list) else data
        assert resource["attributes"].items() <= whole["attributes"].items()
        assert resource["attributes"].keys() == attributes
        assert resource["relationships"].keys() == relationships
        assert resource["id"] == str(sku.pk)


@pytest.mark.parametrize(
    ("fields", "unread"),
    [
        ("amount_cents", ["metadata", "sku_id", "JOIN"]),
        ("sku", ["metadata", "price_list", "JOIN"]),
        ("sku_code", ["metadata", "price_list", "description"]),
    ],
)
def test_attributes_that_are_not_asked_for_are_not_read(
    caller: Caller,
    django_assert_num_queries: DjangoAssertNumQueries,
    fields: str,
    unread: list[str],
) -> None:
    PriceFactory.create()

    with django_assert_num_queries(TOKEN + COUNT + PAGE) as queries:
        caller.get(f"/api/prices?fields[prices]={fields}&sort=id")

    sql = queries.captured_queries[-1]["sql"]
    assert fields.removesuffix("_code") in sql
    assert [word for word in unread if word in sql] == []


def test_the_number_of_queries_does_not_grow_with_the_records(
    caller: Caller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    prices = PriceFactory.create_batch(25)

    with django_assert_num_queries(TOKEN + COUNT + PAGE):
        assert len(caller.get("/api/prices?page[size]=25").data) == 25
    with django_assert_num_queries(TOKEN + PAGE):
        caller.get(f"/api/prices/{prices[0].pk}")


def test_attributes_may_have_the_names_of_other_members(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("url", "links", "meta", "results", "type", "data", "errors", "included")
    skus = record_type_for(importers.get("skus"))
    monkeypatch.setitem(skus.__dict__, "attributes", dict.fromkeys(names, "code"))
    sku = SkuFactory.create()

    document = caller.get(f"/api/skus/{sku.pk}").document

    assert document == {
        "data": {
            "type": "skus",
            "id": str(sku.pk),
            "links": {"self": f"http://testserver/api/skus/{sku.pk}"},
            "attributes": dict.fromkeys(names, sku.code),
            "relationships": document["data"]["relationships"],
            "meta": {"mode": "test"},
        }
    }
    assert caller.get("/api/skus").data == [document["data"]]
