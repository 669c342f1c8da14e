"""What is in store, and where."""

from django.db import models

from imports_app.commerce.models.base import TEXT_LENGTH, Resource
from imports_app.commerce.models.catalog import Sku


class StockLocation(Resource):
    """A place that goods ship from."""

    name = models.CharField(max_length=TEXT_LENGTH)
    code = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)

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
