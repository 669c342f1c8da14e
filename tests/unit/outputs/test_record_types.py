import pytest
from typing_extensions import TypedDict

from imports_app.api.records.selection import filter_attributes
from imports_app.commerce.models import Customer, Price, PriceList, Sku
from imports_app.importer import Importer, Relation
from imports_app.models import ImportBatch
from imports_app.outputs.record_types import RecordType
from imports_app.registry import importers

pytestmark = pytest.mark.backend


class SecretCustomerImporter(Importer):
    resource_type = "secret_customers"
    model = Customer
    key = ("email",)
    secret = frozenset({"tax_exemption_code", "reference"})

    class Row(TypedDict, total=False):
        email: str
        tax_exemption_code: str


class SecretPriceImporter(Importer):
    resource_type = "secret_prices"
    model = Price
    relations = {"price_list": Relation(PriceList), "sku": Relation(Sku)}
    secret = frozenset({"price_list"})

    class Row(TypedDict, total=False):
        amount_cents: int


class BatchImporter(Importer):
    resource_type = "batches"
    model = ImportBatch

    class Row(TypedDict, total=False):
        records: bytes
        rows: int


def test_a_type_shows_its_attributes_its_relations_keys_and_what_is_common() -> None:
    prices = RecordType(importers.get("prices"))

    assert set(prices.attributes) == {
        *("amount_cents", "compare_at_amount_cents", "rules"),
        *("price_list_name", "sku_code"),
        *("reference", "reference_origin", "metadata", "created_at", "updated_at"),
    }
    assert prices.relationships == {"price_list": "price_lists", "sku": "skus"}


def test_a_type_is_filtered_by_what_it_shows_its_id_and_every_form_of_a_relation() -> None:
    prices = RecordType(importers.get("prices"))

    assert filter_attributes(prices).keys() - prices.attributes.keys() == {
        *("id", "price_list_id", "price_list_reference", "sku_id", "sku_reference"),
    }


def test_a_secret_attribute_is_neither_shown_nor_filtered_by() -> None:
    customers = RecordType(SecretCustomerImporter())

    assert {"email", "created_at"} <= customers.attributes.keys()
    for names in (customers.attributes, filter_attributes(customers)):
        assert names.keys().isdisjoint({"tax_exemption_code", "reference"})


def test_a_secret_relation_is_neither_shown_nor_filtered_by() -> None:
    prices = RecordType(SecretPriceImporter())

    assert prices.relationships == {"sku": "skus"}
    for names in (prices.attributes, filter_attributes(prices)):
        assert not [name for name in names if name.startswith("price_list")]


def test_an_attribute_that_does_not_compare_is_shown_but_not_filtered_by() -> None:
    batches = RecordType(BatchImporter())

    assert {"records", "rows"} <= batches.attributes.keys()
    assert "records" not in filter_attributes(batches)
