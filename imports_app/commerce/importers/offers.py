"""Importers of bundles and SKU options."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Required

from imports_app.commerce.importers.base import CommonRow, CurrencyCode, blank, without_currency
from imports_app.commerce.importers.bundle_amounts import compute_amounts
from imports_app.commerce.importers.regexes import Regex
from imports_app.commerce.models import Bundle, Market, Price, SkuList, SkuListItem, SkuOption
from imports_app.importer import Derivation, Importer, Relation, RowError
from imports_app.registry import importers


@importers.register
class BundleImporter(Importer):
    """Bundles by code and market."""

    resource_type = "bundles"
    model = Bundle
    key = ("code", "market")
    parent = "market"
    relations = {
        "market": Relation(Market),
        "sku_list": Relation(SkuList, required=True),
    }
    tags = "tags"
    derive_reads = (SkuListItem, Price)

    class Row(CommonRow, total=False):
        """A bundle; its amounts can be computed from the prices of its list's SKUs."""

        code: Required[str]
        name: Required[str]
        currency_code: CurrencyCode | None
        description: str | None
        image_url: str | None
        price_amount_cents: int
        compare_at_amount_cents: int | None
        _compute_price_amount: bool
        _compute_compare_at_amount: bool

    def missing(self, row: Mapping[str, Any]) -> Iterator[RowError]:
        """See Importer."""
        yield from without_currency(row)
        if not row.get("_compute_price_amount"):
            yield from blank(row, "price_amount_cents")

    def derive(self, rows: Sequence[Derivation]) -> None:
        """See Importer."""
        compute_amounts(rows)


@importers.register
class SkuOptionImporter(Importer):
    """SKU options by name and market."""

    resource_type = "sku_options"
    model = SkuOption
    key = ("name", "market")
    parent = "market"
    relations = {"market": Relation(Market)}
    tags = "tags"

    class Row(CommonRow, total=False):
        """A SKU option."""

        name: Required[str]
        currency_code: CurrencyCode | None
        description: str | None
        price_amount_cents: int
        delay_hours: int
        sku_code_regex: Regex | None

    def missing(self, row: Mapping[str, Any]) -> Iterator[RowError]:
        """See Importer."""
        return without_currency(row)
