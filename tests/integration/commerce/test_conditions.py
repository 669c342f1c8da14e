"""What a type needs under a condition: asked of new records, and kept by the tables."""

from collections.abc import Mapping
from typing import Any

import pytest

from imports_app.models import Mode
from imports_app.registry import importers
from tests.factories import commerce, new_row
from tests.running import created, row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)

ROW = {"line_1": "1 High Street", "city": "Rome", "country_code": "IT", "phone": "+39 06 1"}
BLANK = "can't be blank"


def found(resource_type: str, row: Mapping[str, Any]) -> list[tuple[str, str]] | None:
    """What is wrong with the row, attribute and message; None if it created a record."""
    import_ = run_import(importers.get(resource_type), [row], skip_errors=True)
    if import_.created_count:
        return None
    ((_, errors),) = row_errors(import_).items()
    return [(error.attribute, error.message) for error in errors]


def changed(resource_type: str, record: Any, change: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with that change of the record; nothing if it was made."""
    row = {"id": str(record.pk), **change}
    import_ = run_import(importers.get(resource_type), [row], skip_errors=True)
    return [(error.attribute, error.message) for error in row_errors(import_).get(0, [])]


def new(resource_type: str, *absent: str, **given: Any) -> dict[str, Any]:
    """A new row with every attribute but those."""
    row = new_row(importers.get(resource_type), mode=Mode.TEST)
    return {name: value for name, value in row.items() if name not in absent} | given


def test_an_address_of_a_person_has_names() -> None:
    assert found("addresses", ROW) == [("first_name", BLANK), ("last_name", BLANK)]
    assert found("addresses", ROW | {"first_name": "Ada", "last_name": None}) == [
        ("last_name", BLANK)
    ]
    assert found("addresses", ROW | {"first_name": "Ada", "last_name": "Byron"}) is None


def test_an_address_of_a_business_has_a_company_and_need_not_have_names() -> None:
    assert found("addresses", ROW | {"business": True}) == [("company", BLANK)]
    assert found("addresses", ROW | {"business": True, "company": "Teahouse"}) is None


def test_an_address_keeps_what_it_needs() -> None:
    person = created(importers.get("addresses"), ROW | {"first_name": "Ada", "last_name": "Byron"})

    assert changed("addresses", person, {"last_name": None}) == [
        ("base", "must have a first_name and a last_name, or be that of a business")
    ]
    assert changed("addresses", person, {"business": True}) == [
        ("base", "must have a company, or not be that of a business")
    ]
    assert changed("addresses", person, {"business": True, "company": "Teahouse"}) == []


@pytest.mark.parametrize("resource_type", ["bundles", "gift_cards", "sku_options"])
def test_amounts_are_in_a_currency_or_in_that_of_a_market(resource_type: str) -> None:
    absent = ("currency_code", "market_id")

    assert found(resource_type, new(resource_type, *absent)) == [("currency_code", BLANK)]
    assert found(resource_type, new(resource_type, *absent, market_id=None)) == [
        ("currency_code", BLANK)
    ]
    assert found(resource_type, new(resource_type, "currency_code")) is None
    assert found(resource_type, new(resource_type, "market_id")) is None


@pytest.mark.parametrize("resource_type", ["bundles", "gift_cards", "sku_options"])
def test_an_amount_does_not_lose_its_currency(resource_type: str) -> None:
    record = created(importers.get(resource_type), new(resource_type, "market_id"))

    assert changed(resource_type, record, {"currency_code": None}) == [
        ("base", "must have a market or a currency_code")
    ]


@pytest.mark.parametrize("resource_type", ["gift_cards", "sku_options"])
def test_the_market_may_be_that_of_the_import(resource_type: str) -> None:
    market = commerce.MarketFactory.create()

    import_ = run_import(
        importers.get(resource_type),
        [new(resource_type, "currency_code", "market_id")],
        parent_resource_id=str(market.pk),
    )

    assert (import_.created_count, row_errors(import_)) == (1, {})


def test_a_sku_list_is_manual_or_has_a_regex() -> None:
    assert found("sku_lists", {"name": "A", "manual": False}) == [("sku_code_regex", BLANK)]
    assert found("sku_lists", {"name": "A", "manual": False, "sku_code_regex": None}) == [
        ("sku_code_regex", BLANK)
    ]
    assert found("sku_lists", {"name": "A", "manual": False, "sku_code_regex": "^A"}) is None
    assert found("sku_lists", {"name": "B", "manual": None}) is None


def test_a_sku_list_that_is_not_manual_keeps_its_regex() -> None:
    manual = created(importers.get("sku_lists"), {"name": "A"})

    assert changed("sku_lists", manual, {"manual": False}) == [
        ("base", "must have a sku_code_regex, or be manual")
    ]
    assert changed("sku_lists", manual, {"manual": False, "sku_code_regex": "^A"}) == []


def test_a_bundle_has_an_amount_unless_it_is_to_be_computed() -> None:
    row = new("bundles", "price_amount_cents")

    assert found("bundles", row) == [("price_amount_cents", BLANK)]
    assert found("bundles", row | {"_compute_price_amount": False}) == [
        ("price_amount_cents", BLANK)
    ]


@pytest.mark.parametrize(
    ("resource_type", "relation"),
    [
        ("prices", "sku"),
        ("sku_list_items", "sku"),
        ("stock_items", "sku"),
        ("stock_transfers", "sku"),
        ("tax_categories", "sku"),
        ("customer_addresses", "customer"),
        ("customer_subscriptions", "customer"),
    ],
)
def test_a_target_is_asked_for_by_its_key(resource_type: str, relation: str) -> None:
    asked_for = {"sku": "sku_code", "customer": "customer_email"}[relation]

    assert found(resource_type, new(resource_type, f"{relation}_id")) == [(asked_for, BLANK)]


def test_a_line_item_that_nothing_prices_has_an_amount() -> None:
    def named(**given: Any) -> dict[str, Any]:
        """A row with a reference of its own, by which a line item is found."""
        return new("line_items", "sku_id", "unit_amount_cents", name="Gift wrap", **given)

    bundle = commerce.BundleFactory.create()

    assert found("line_items", named()) == [("unit_amount_cents", BLANK)]
    assert found("line_items", named(unit_amount_cents=-1)) is None
    assert found("line_items", named(_external_price=True)) is None
    assert found("line_items", named(bundle_id=str(bundle.pk))) is None
    assert found("line_items", new("line_items", "unit_amount_cents")) is None


def test_a_line_item_is_of_a_sku_or_of_a_bundle() -> None:
    both = "can't have both a SKU and a bundle"
    bundle = commerce.BundleFactory.create()
    item = created(importers.get("line_items"), new("line_items"))

    row = new("line_items", bundle_code=bundle.code)

    assert found("line_items", row) == [("base", both)]
    assert found("line_items", row | {"sku_id": None}) is None
    assert changed("line_items", item, {"bundle_code": bundle.code}) == [("base", both)]
    assert changed("line_items", item, {"bundle_code": bundle.code, "sku_id": None}) == []
