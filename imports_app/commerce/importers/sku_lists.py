"""Importers of SKU lists and their items."""

from collections.abc import Iterator, Mapping
from typing import Any, Required

from imports_app.commerce.importers.base import CommonRow, blank
from imports_app.commerce.importers.regexes import Regex
from imports_app.commerce.models import Customer, Sku, SkuList, SkuListItem
from imports_app.importer import Importer, Relation, RowError
from imports_app.registry import importers


@importers.register
class SkuListImporter(Importer):
    """SKU lists by name."""

    resource_type = "sku_lists"
    model = SkuList
    key = ("name",)
    relations = {"customer": Relation(Customer)}
    children = {"sku_list_items": "sku_list"}

    class Row(CommonRow, total=False):
        """A SKU list. It is manual, or has a regex that says which SKUs are in it."""

        name: Required[str]
        description: str | None
        image_url: str | None
        manual: bool
        sku_code_regex: Regex | None

    def missing(self, row: Mapping[str, Any]) -> Iterator[RowError]:
        """See Importer."""
        return blank(row, "sku_code_regex") if row.get("manual") is False else iter(())


@importers.register
class SkuListItemImporter(Importer):
    """The items of SKU lists, by SKU and list."""

    resource_type = "sku_list_items"
    model = SkuListItem
    key = ("sku", "sku_list")
    parent = "sku_list"
    relations = {
        "sku_list": Relation(SkuList, required=True),
        "sku": Relation(Sku, required=True, asks_for="sku_code"),
    }

    class Row(CommonRow, total=False):
        """An item of a SKU list."""

        position: int | None
        quantity: int
