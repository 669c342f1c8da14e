"""Importers of price lists, prices and price tiers."""

from typing import Any, Literal, Required

from imports_app.commerce.importers.base import CommonRow, CurrencyCode
from imports_app.commerce.models import Price, PriceList, PriceTier, Sku
from imports_app.importer import Importer, Relation
from imports_app.registry import importers


@importers.register
class PriceListImporter(Importer):
    """Price lists by name."""

    resource_type = "price_lists"
    model = PriceList
    key = ("name",)

    class Row(CommonRow, total=False):
        """A price list."""

        name: Required[str]
        code: str | None
        currency_code: Required[CurrencyCode]
        tax_included: bool


@importers.register
class PriceImporter(Importer):
    """Prices by SKU and price list."""

    resource_type = "prices"
    model = Price
    key = ("sku", "price_list")
    parent = "price_list"
    relations = {
        "price_list": Relation(PriceList, required=True),
        "sku": Relation(Sku, required=True, asks_for="sku_code"),
    }
    children = {"price_tiers": "price"}

    class Row(CommonRow, total=False):
        """A price; the amounts can't be negative."""

        amount_cents: Required[int]
        compare_at_amount_cents: int | None
        rules: dict[str, Any] | None


@importers.register
class PriceTierImporter(Importer):
    """Price tiers by price and name."""

    resource_type = "price_tiers"
    model = PriceTier
    key = ("price", "name")
    parent = "price"
    relations = {"price": Relation(Price, required=True)}
    synonyms = {"type": "tier_type"}

    class Row(CommonRow, total=False):
        """A price tier; without `up_to` it has no limit."""

        tier_type: Literal["PriceVolumeTier", "PriceFrequencyTier"]
        name: Required[str]
        up_to: int | None
        price_amount_cents: Required[int]
