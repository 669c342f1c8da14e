"""Staff pages of stock locations, stock items and stock transfers."""

from django.contrib import admin

from imports_app.commerce.admin.base import RecordAdmin
from imports_app.commerce.models import StockItem, StockLocation, StockTransfer


@admin.register(StockLocation)
class StockLocationAdmin(RecordAdmin):
    """Stock locations."""

    list_display = ("name", "code", "mode", "reference", "updated_at")
    search_fields = ("name__startswith", "code__startswith", "reference__exact")


@admin.register(StockItem)
class StockItemAdmin(RecordAdmin):
    """Stock items."""

    list_display = ("sku", "stock_location", "quantity", "mode", "reference", "updated_at")
    list_select_related = ("sku", "stock_location")
    search_fields = ("sku__code__startswith", "reference__exact")


@admin.register(StockTransfer)
class StockTransferAdmin(RecordAdmin):
    """Stock transfers."""

    list_display = (
        "number",
        "sku",
        "origin_stock_location",
        "destination_stock_location",
        "quantity",
        "mode",
        "reference",
        "updated_at",
    )
    list_select_related = ("sku", "origin_stock_location", "destination_stock_location")
    search_fields = ("number__startswith", "sku__code__startswith", "reference__exact")
