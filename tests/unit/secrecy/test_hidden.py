"""What is secret in a row is hidden at any depth."""

import json
from typing import Any

import pytest
from typing_extensions import TypedDict

from imports_app.commerce.models import Price, PriceList, Sku
from imports_app.importer import Importer, Relation
from imports_app.registry import importers
from imports_app.secrecy.hidden import has_secrets, is_secret, without_secrets

pytestmark = pytest.mark.backend


class Row(TypedDict, total=False):
    reference: str


class Prices(Importer):
    resource_type = "prices"
    model = Price
    secret = frozenset({"amount_cents"})
    Row = Row


class Skus(Importer):
    resource_type = "skus"
    model = Sku
    hashed = {"hs_tariff_number": "description"}
    Row = Row


class PriceLists(Importer):
    """Brings prices along, and says nothing of what is secret in them."""

    resource_type = "price_lists"
    model = PriceList
    children = {"prices": "price_list"}
    Row = Row


class StockItems(Importer):
    """Brings a sku along."""

    resource_type = "stock_items"
    model = importers.get("stock_items").model
    relations = {"sku": Relation(Sku, inline_among="stock_location")}
    Row = Row


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    for importer in (Prices(), Skus()):
        monkeypatch.setitem(importers._by_model, importer.model, importer)


def shown(row: Any, importer: Importer) -> Any:
    return json.loads(without_secrets(json.dumps(row).encode(), importer))


def test_its_own_secrets_are_hidden() -> None:
    assert shown({"amount_cents": 1, "sku_id": "2"}, Prices()) == {"sku_id": "2"}


def test_a_hashed_attribute_is_secret_without_being_marked() -> None:
    assert shown({"hs_tariff_number": "x", "code": "A"}, Skus()) == {"code": "A"}


def test_secrets_of_the_records_that_a_row_brings_along_are_hidden() -> None:
    price = {"amount_cents": 1, "sku_code": "A"}
    assert has_secrets(PriceLists())
    assert shown({"name": "x", "prices": [price, price]}, PriceLists()) == {
        "name": "x",
        "prices": [{"sku_code": "A"}, {"sku_code": "A"}],
    }


def test_secrets_of_a_record_that_a_row_has_inline_are_hidden() -> None:
    row = {"quantity": 1, "sku": {"code": "A", "hs_tariff_number": "x"}}
    assert shown(row, StockItems()) == {"quantity": 1, "sku": {"code": "A"}}


@pytest.mark.parametrize("value", ['[{"amount_cents": 1}]', 1, None])
def test_a_value_in_place_of_a_nested_record_is_not_shown(value: Any) -> None:
    assert shown({"prices": value}, PriceLists()) == {"prices": None}
    assert shown({"prices": [[value]]}, PriceLists()) == {"prices": [[None]]}


@pytest.mark.parametrize("name", ["tags", "price_lists"])
def test_a_type_without_secrets_has_none(name: str) -> None:
    assert not has_secrets(importers.get(name))


def test_a_column_that_may_hold_a_secret_is_secret() -> None:
    importer = StockItems()
    assert is_secret(["sku"], importer)
    assert is_secret(["sku", "hs_tariff_number"], importer)
    assert not is_secret(["sku", "code"], importer)
    assert not is_secret(["quantity"], importer)
    assert is_secret(["amount_cents", "anything"], Prices())
