"""Importers of stock locations, stock items and stock transfers."""

from typing import Annotated, Required

from pydantic import Field

from imports_app.commerce.importers.base import CommonRow, Text
from imports_app.commerce.models import Address, Sku, StockItem, StockLocation, StockTransfer
from imports_app.importer import Importer, Relation
from imports_app.registry import importers


@importers.register
class StockLocationImporter(Importer):
    """Stock locations by name."""

    resource_type = "stock_locations"
    model = StockLocation
    key = ("name",)
    relations = {"address": Relation(Address)}

    class Row(CommonRow, total=False):
        """A stock location."""

        name: Required[str]
        code: str | None


@importers.register
class StockItemImporter(Importer):
    """Stock items by SKU and stock location."""

    resource_type = "stock_items"
    model = StockItem
    key = ("sku", "stock_location")
    parent = "stock_location"
    relations = {
        "stock_location": Relation(StockLocation, required=True),
        "sku": Relation(Sku, required=True, asks_for="sku_code"),
    }

    class Row(CommonRow, total=False):
        """A stock item; its quantity can't be negative."""

        quantity: Required[int]


@importers.register
class StockTransferImporter(Importer):
    """Stock transfers by number."""

    resource_type = "stock_transfers"
    model = StockTransfer
    key = ("number",)
    relations = {
        "sku": Relation(Sku, required=True, asks_for="sku_code"),
        "origin_stock_location": Relation(StockLocation, required=True),
        "destination_stock_location": Relation(StockLocation, required=True),
    }

    class Row(CommonRow, total=False):
        """A stock transfer. One without a number is given one."""

        number: Text
        quantity: Required[Annotated[int, Field(gt=0)]]
