from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from typing_extensions import TypedDict

from imports_app.importer import Importer
from imports_app.models import Import, Mode
from imports_app.registry import importers
from tests.factories import factory_for
from tests.factories.clients import ApiClientFactory, bearer
from tests.factories.commerce import PriceFactory, ShippingCategoryFactory, SkuFactory

pytestmark = pytest.mark.django_db

COUNT, PAGE, TOKEN = 1, 1, 1  # queries


class ToyImporter(Importer):
    """Records that are known by a UUID."""

    resource_type = "toys"
    model = Import

    class Row(TypedDict, total=False):
        reference: str | None


@pytest.fixture
def headers() -> dict[str, str]:
    return bearer(ApiClientFactory.create())


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Import:
    monkeypatch.setitem(importers._by_type, "toys", ToyImporter())
    return Import.objects.create(mode=Mode.TEST, resource_type="skus", inputs_size=1)


def get(client: Client, headers: dict[str, str], path: str, status: int = 200) -> dict[str, Any]:
    answer = client.get(path, headers=headers)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/vnd.api+json"
    document: dict[str, Any] = answer.json()
    return document


def test_a_record_is_shown_with_all_that_it_has(client: Client, headers: dict[str, str]) -> None:
    price = PriceFactory.create(compare_at_amount_cents=None)

    document = get(client, headers, f"/api/prices/{price.pk}")

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


def test_a_relation_that_is_not_there_is_null(client: Client, headers: dict[str, str]) -> None:
    sku = SkuFactory.create(shipping_category=None)

    resource = get(client, headers, f"/api/skus/{sku.pk}")["data"]

    assert resource["relationships"] == {"shipping_category": {"data": None}}
    assert resource["attributes"]["shipping_category_name"] is None


@pytest.mark.parametrize("importer", importers, ids=lambda importer: importer.resource_type)
def test_the_records_of_every_type_can_be_read(
    client: Client, headers: dict[str, str], importer: Importer
) -> None:
    record = factory_for(importer.model).create()
    listing = f"/api/{importer.resource_type}"

    (resource,) = get(client, headers, listing)["data"]

    assert resource["type"] == importer.resource_type
    assert resource["id"] == str(record.pk)
    assert get(client, headers, f"{listing}/{record.pk}/")["data"] == resource
    assert get(client, headers, f"{listing}/?filter[q][id_eq]={record.pk}")["data"] == [resource]
    assert resource["attributes"].keys().isdisjoint(importer.secret)


@pytest.mark.parametrize("importer", importers, ids=lambda importer: importer.resource_type)
def test_every_attribute_can_be_asked_for_alone_filtered_and_sorted_by(
    client: Client, headers: dict[str, str], importer: Importer
) -> None:
    factory_for(importer.model).create()
    name = importer.resource_type
    (whole,) = get(client, headers, f"/api/{name}")["data"]

    for attribute, value in whole["attributes"].items():
        asked_for = f"/api/{name}?fields[{name}]={attribute}&filter[q][{attribute}_not_null]=1"
        sort = "" if isinstance(value, dict) else f"&sort=-{attribute}"
        (resource,) = get(client, headers, asked_for + sort)["data"]
        assert resource == {**whole, "attributes": {attribute: value}, "relationships": {}}


def test_a_listing_says_how_many_there_are(client: Client, headers: dict[str, str]) -> None:
    SkuFactory.create_batch(3)

    document = get(client, headers, "/api/skus?page[size]=2&page[number]=2")

    assert len(document["data"]) == 1
    assert document["meta"] == {"record_count": 3, "page_count": 2}
    assert document["links"].keys() == {"first", "last", "prev", "next"}


def test_a_client_sees_nothing_of_the_other_mode(client: Client) -> None:
    live = SkuFactory.create(mode=Mode.LIVE)
    test = SkuFactory.create(mode=Mode.TEST)

    for mine, other in ((live, test), (test, live)):
        headers = bearer(ApiClientFactory.create(mode=mine.mode))
        document = get(client, headers, "/api/skus")
        assert [resource["id"] for resource in document["data"]] == [str(mine.pk)]
        assert document["data"][0]["meta"] == {"mode": mine.mode}
        assert document["meta"]["record_count"] == 1
        assert get(client, headers, f"/api/skus?filter[q][code_eq]={other.code}")["data"] == []
        get(client, headers, f"/api/skus/{other.pk}", status=404)


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
    client: Client,
    headers: dict[str, str],
    query: str,
    attributes: set[str],
    relationships: set[str],
) -> None:
    sku = SkuFactory.create()
    (whole,) = get(client, headers, "/api/skus")["data"]

    for path in ("/api/skus", f"/api/skus/{sku.pk}"):
        data = get(client, headers, f"{path}?{query}")["data"]
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
def test_what_was_not_asked_for_is_not_read(
    client: Client,
    headers: dict[str, str],
    django_assert_num_queries: DjangoAssertNumQueries,
    fields: str,
    unread: list[str],
) -> None:
    PriceFactory.create()

    with django_assert_num_queries(TOKEN + COUNT + PAGE) as queries:
        get(client, headers, f"/api/prices?fields[prices]={fields}&sort=id")

    sql = queries.captured_queries[-1]["sql"]
    assert fields.removesuffix("_code") in sql
    assert [word for word in unread if word in sql] == []


def test_the_number_of_queries_does_not_grow_with_the_records(
    client: Client, headers: dict[str, str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    prices = PriceFactory.create_batch(25)

    with django_assert_num_queries(TOKEN + COUNT + PAGE):
        assert len(get(client, headers, "/api/prices?page[size]=25")["data"]) == 25
    with django_assert_num_queries(TOKEN + PAGE):
        get(client, headers, f"/api/prices/{prices[0].pk}")


@pytest.mark.parametrize(
    "record_id",
    ["0", "-1", "x", "1.0", "01", "+1", "1_0", "%20", "%00", "%FF", str(2**63), "9" * 5_000, "1/2"],
)
def test_an_id_of_any_other_form_is_a_404(
    client: Client, headers: dict[str, str], record_id: str
) -> None:
    SkuFactory.create()

    (error,) = get(client, headers, f"/api/skus/{record_id}", status=404)["errors"]

    assert error["code"] == "RECORD_NOT_FOUND"


@pytest.mark.parametrize("path", ["/api/colours", "/api/colours/1", "/api/SKUS", "/api/skus%00"])
def test_a_type_that_is_not_registered_is_a_404(
    client: Client, headers: dict[str, str], path: str
) -> None:
    (error,) = get(client, headers, path, status=404)["errors"]

    assert error["code"] == "RECORD_NOT_FOUND"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/api/skus", "/api/skus/1", "/api/colours"])
def test_records_are_read_only(
    client: Client, headers: dict[str, str], method: str, path: str
) -> None:
    answer = client.generic(method.upper(), path, headers=headers)

    assert answer.status_code == 405
    assert answer.json()["errors"][0]["code"] == "METHOD_NOT_ALLOWED"


@pytest.mark.parametrize("path", ["/api/skus", "/api/skus/1"])
def test_records_are_shown_only_to_who_may_read(client: Client, path: str) -> None:
    writer = bearer(ApiClientFactory.create(scopes="imports:write"))

    assert client.get(path).status_code == 401
    assert client.get(path, headers=writer).status_code == 403


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/api/skus", "include"),
        ("/api/skus", "limit"),
        ("/api/skus/1", "include"),
        ("/api/skus/1", "sort"),
        ("/api/skus/1", "page[number]"),
        ("/api/skus/1", "filter[q][id_eq]"),
    ],
)
def test_a_parameter_that_means_nothing_is_a_400(
    client: Client, headers: dict[str, str], path: str, parameter: str
) -> None:
    (error,) = get(client, headers, f"{path}?{parameter}=1", status=400)["errors"]

    assert error["source"] == {"parameter": parameter}


def test_a_type_may_have_ids_of_another_kind(
    client: Client, headers: dict[str, str], toy: Import
) -> None:
    resource = get(client, headers, f"/api/toys/{toy.pk}")["data"]

    assert resource["id"] == str(toy.pk)
    assert get(client, headers, f"/api/toys?filter[q][id_in]={toy.pk}")["data"] == [resource]
    get(client, headers, "/api/toys/1", status=404)
    get(client, headers, f"/api/toys/{str(toy.pk).upper()}", status=404)
    get(client, headers, f"/api/toys/{UUID(int=1)}", status=404)
    get(client, headers, "/api/toys?filter[q][id_eq]=1", status=400)


def test_a_listing_can_be_filtered_by_a_relation_that_is_not_there(
    client: Client, headers: dict[str, str]
) -> None:
    bare = SkuFactory.create(shipping_category=None)
    SkuFactory.create(shipping_category=ShippingCategoryFactory.create())

    path = "/api/skus?filter[q][shipping_category_id_null]=true"

    assert [resource["id"] for resource in get(client, headers, path)["data"]] == [str(bare.pk)]
