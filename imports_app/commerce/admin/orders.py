"""Staff pages of orders and line items."""

from django.contrib import admin

from imports_app.commerce.admin.base import RecordAdmin
from imports_app.commerce.models import LineItem, LineItemOption, Order


@admin.register(Order)
class OrderAdmin(RecordAdmin):
    """Orders."""

    list_display = (
        "number",
        "market",
        "customer",
        "archived_at",
        "mode",
        "reference",
        "updated_at",
    )
    list_select_related = ("market", "customer")
    search_fields = ("number__startswith", "customer__email__startswith", "reference__exact")


@admin.register(LineItem)
class LineItemAdmin(RecordAdmin):
    """Line items."""

    list_display = (
        "order",
        "sku",
        "bundle",
        "name",
        "quantity",
        "unit_amount_cents",
        "mode",
        "reference",
        "updated_at",
    )
    list_select_related = ("order", "sku", "bundle")
    search_fields = ("order__number__startswith", "sku__code__startswith", "reference__exact")


@admin.register(LineItemOption)
class LineItemOptionAdmin(RecordAdmin):
    """Options of line items."""

    list_display = ("sku_option", "name", "quantity", "mode", "reference", "updated_at")
    list_select_related = ("sku_option",)
    search_fields = ("sku_option__name__startswith", "reference__exact")
