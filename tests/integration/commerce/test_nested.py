"""Records that rows bring along, and targets that they give inline."""

from typing import Any

import pytest

from imports_app.commerce.models import Address, Customer, CustomerAddress, Price, SkuList
from imports_app.registry import importers
from tests.factories import commerce
from tests.factories.clients import ApiClientFactory
from tests.integration.api.caller import Caller
from tests.running import row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = {
    "first_name": "Ada",
    "last_name": "Byron",
    "line_1": "1 High Street",
    "city": "London",
    "country_code": "GB",
    "phone": "+44 20 1",
}


def errors(resource_type: str, row: dict[str, Any]) -> list[tuple[str, str]]:
    import_ = run_import(importers.get(resource_type), [row], skip_errors=True)
    return [(e.attribute, e.message) for found in row_errors(import_).values() for e in found]


def test_a_price_brings_its_tiers_along_and_finds_them_by_name() -> None:
    price_list, sku = commerce.PriceListFactory.create(), commerce.SkuFactory.create()
    row = {
        "price_list_name": price_list.name,
        "sku_code": sku.code,
        "amount_cents": 100,
        "price_tiers": [
            {"name": "Ten", "up_to": 10, "price_amount_cents": 90},
            {"name": "More", "type": "PriceFrequencyTier", "price_amount_cents": 80},
        ],
    }
    assert errors("prices", row) == []
    row["price_tiers"] = [{"name": "Ten", "price_amount_cents": 95}]

    import_ = run_import(importers.get("prices"), [row])
    again = run_import(importers.get("prices"), [row])

    assert (import_.updated_count, again.unchanged_count) == (1, 1)
    tiers = Price.objects.get().price_tiers.order_by("name")
    assert [(t.name, t.tier_type, t.up_to, t.price_amount_cents) for t in tiers] == [
        ("More", "PriceFrequencyTier", None, 80),
        ("Ten", "PriceVolumeTier", 10, 95),
    ]


def test_a_tier_that_fails_fails_its_price() -> None:
    price_list, sku = commerce.PriceListFactory.create(), commerce.SkuFactory.create()
    row = {
        "price_list_name": price_list.name,
        "sku_code": sku.code,
        "amount_cents": 100,
        "price_tiers": [{"name": "Ten", "price_amount_cents": 90}, {"name": "More"}],
    }

    assert errors("prices", row) == [("price_tiers[1].price_amount_cents", "can't be blank")]
    assert not Price.objects.exists()


def test_a_sku_list_brings_its_items_along() -> None:
    sku, other = commerce.SkuFactory.create_batch(2)
    row = {
        "name": "Teas",
        "sku_list_items": [
            {"sku_code": sku.code, "position": 1},
            {"sku_code": other.code, "position": 2, "quantity": 3},
        ],
    }

    assert errors("sku_lists", row) == []
    again = run_import(importers.get("sku_lists"), [row])

    assert again.unchanged_count == 1
    items = SkuList.objects.get().sku_list_items.order_by("position")
    assert [(item.sku_id, item.quantity) for item in items] == [(sku.pk, 1), (other.pk, 3)]


def test_an_item_that_fails_fails_its_sku_list() -> None:
    for item, error in (
        ({"sku_code": "NONE"}, ("sku_list_items[0].sku", "must exist")),
        ({"position": 1}, ("sku_list_items[0].sku_code", "can't be blank")),
    ):
        assert errors("sku_lists", {"name": "Teas", "sku_list_items": [item]}) == [error]
    assert not SkuList.objects.exists()


def test_a_price_that_lacks_something_says_so_though_it_brings_tiers_along() -> None:
    commerce.SkuFactory.create(code="TEA")
    price_list = commerce.PriceListFactory.create()
    row = {
        "sku_code": "TEA",
        "price_list_id": str(price_list.pk),
        "price_tiers": [{"name": "Ten", "price_amount_cents": 900}],
    }

    assert errors("prices", row) == [("amount_cents", "can't be blank")]


def test_a_customer_address_is_made_with_its_address_and_its_customer() -> None:
    row = {"customer_email": "Ada@example.com", "address": ADDRESS}

    assert errors("customer_addresses", row) == []
    again = run_import(importers.get("customer_addresses"), [row])

    assert again.unchanged_count == 1
    made = CustomerAddress.objects.get()
    assert made.customer.email == "ada@example.com"
    assert (made.address.line_1, made.address.business) == ("1 High Street", False)
    assert Address.objects.count() == 1


def test_equal_addresses_of_two_customers_are_two() -> None:
    rows = [
        {"customer_email": f"{name}@example.com", "address": ADDRESS} for name in ("ada", "grace")
    ]

    import_ = run_import(importers.get("customer_addresses"), rows)

    assert import_.created_count == 2
    assert Address.objects.count() == 2


def test_an_inline_address_needs_what_an_address_needs() -> None:
    address = ADDRESS | {"business": True}
    row = {"customer_email": "ada@example.com", "address": address}

    assert errors("customer_addresses", row) == [("address.company", "can't be blank")]
    assert not Address.objects.exists()
    assert not Customer.objects.exists()


def test_an_inline_address_that_lacks_something_says_so_as_an_address_does() -> None:
    address = {name: value for name, value in ADDRESS.items() if name != "city"}
    row = {"customer_email": "ada@example.com", "address": address}

    assert errors("customer_addresses", row) == [("address.city", "can't be blank")]
    assert not Customer.objects.exists()


def test_an_inline_address_with_a_reference_changes_no_address_that_is_there() -> None:
    known, other = commerce.AddressFactory.create_batch(2, reference=None)
    Address.objects.filter(pk=known.pk).update(reference="R")
    before = list(Address.objects.order_by("pk").values())
    rows = [
        {"customer_email": "ada@example.com", "address": ADDRESS | {"reference": name}}
        for name in ("R", "new")
    ]
    invalid = {"customer_email": "nobody", "address": ADDRESS | {"reference": "R"}}
    customer_addresses = importers.get("customer_addresses")

    import_ = run_import(customer_addresses, [*rows, invalid], skip_errors=True)
    again = run_import(customer_addresses, rows)

    assert (import_.created_count, import_.errors_count) == (2, 1)
    assert again.unchanged_count == 2
    there = Address.objects.filter(pk__in=[known.pk, other.pk]).order_by("pk")
    assert list(there.values()) == before
    made = [made.address for made in CustomerAddress.objects.select_related("address")]
    assert {each.reference for each in made} == {"R", "new"}
    assert not {known.pk, other.pk} & {each.pk for each in made}


def test_an_inline_address_has_no_id() -> None:
    known = commerce.AddressFactory.create()
    before = Address.objects.values().get()
    row = {"customer_email": "ada@example.com", "address": ADDRESS | {"id": str(known.pk)}}

    assert errors("customer_addresses", row) == [("address.id", "is unknown")]
    assert Address.objects.filter(pk=known.pk).values().get() == before


def test_an_address_is_given_inline_or_by_name() -> None:
    known = commerce.AddressFactory.create()
    row = {
        "customer_email": "ada@example.com",
        "address": ADDRESS,
        "address_id": str(known.pk),
    }

    ((attribute, _),) = errors("customer_addresses", row)

    assert attribute == "address"
    assert not CustomerAddress.objects.exists()


def test_a_customer_who_subscribes_is_made_and_subscribes_once() -> None:
    row = {"customer_email": "ada@example.com", "reference": "newsletter"}
    subscriptions = importers.get("customer_subscriptions")

    import_ = run_import(subscriptions, [row, row, row | {"reference": "offers"}])

    assert (import_.created_count, import_.unchanged_count) == (2, 1)
    assert Customer.objects.get().email == "ada@example.com"


@pytest.mark.parametrize("name", ["tier_type", "type"])
@pytest.mark.parametrize("format_", ["json", "csv"])
def test_the_type_of_a_tier_may_be_given_under_either_name(name: str, format_: str) -> None:
    price = commerce.PriceFactory.create()
    row = {"price_id": str(price.pk), "name": "T", "price_amount_cents": 5}
    row[name] = "PriceFrequencyTier"
    if format_ == "csv":
        row = {attribute: str(value) for attribute, value in row.items()}

    import_ = run_import(importers.get("price_tiers"), [row], format=format_)

    assert (import_.created_count, import_.warnings_count) == (1, 0)
    assert price.price_tiers.get().tier_type == "PriceFrequencyTier"


def test_what_is_given_out_of_a_tier_says_tier_type() -> None:
    caller = Caller(ApiClientFactory.create())
    tier = commerce.PriceTierFactory.create()

    shown = caller.get(f"/api/price_tiers/{tier.pk}").data["attributes"]
    template = caller.get("/api/price_tiers/template.csv", Accept="text/csv").content.decode()
    schema = caller.get("/api/resource_types/price_tiers").data["attributes"]["row_schema"]

    for names in (shown, template.strip().split(","), schema["properties"]):
        assert "tier_type" in names
    assert "type" not in shown
    assert "type" not in template.strip().split(",")
