"""Stock locations, stock items and stock transfers."""

from django.db import models

from imports_app.commerce.models.addresses import Address
from imports_app.commerce.models.base import TEXT_LENGTH, Resource
from imports_app.commerce.models.catalog import Sku
from imports_app.commerce.models.codes import generated_code
from imports_app.commerce.models.constraints import is_positive


class StockLocation(Resource):
    """A place from which goods are shipped."""

    name = models.CharField(max_length=TEXT_LENGTH)
    code = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    address = models.ForeignKey(
        Address, null=True, blank=True, on_delete=models.PROTECT, related_name="stock_locations"
    )

    class Meta(Resource.Meta):
        constraints = [
            models.UniqueConstraint(fields=("name", "mode"), name="stock_location_name_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class StockItem(Resource):
    """How many pieces of a SKU a location has."""

    stock_location = models.ForeignKey(
        StockLocation, on_delete=models.PROTECT, related_name="stock_items"
    )
    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, related_name="stock_items", db_index=False
    )
    quantity = models.PositiveBigIntegerField()

    class Meta(Resource.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=("sku", "stock_location", "mode"),
                name="stock_item_is_unique_per_sku_and_location",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stock_location} {self.sku}"


class StockTransfer(Resource):
    """Pieces of a SKU on their way from one location to another."""

    number = models.CharField(max_length=TEXT_LENGTH, default=generated_code)
    quantity = models.BigIntegerField()
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="stock_transfers")
    origin_stock_location = models.ForeignKey(
        StockLocation, on_delete=models.PROTECT, related_name="outgoing_stock_transfers"
    )
    destination_stock_location = models.ForeignKey(
        StockLocation, on_delete=models.PROTECT, related_name="incoming_stock_transfers"
    )

    class Meta(Resource.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=("number", "mode"), name="stock_transfer_number_is_unique"
            ),
            is_positive("stock_transfer"),
        ]

    def __str__(self) -> str:
        return self.number
