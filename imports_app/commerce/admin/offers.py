"""Staff pages of bundles, SKU options and SKU lists."""

from django.contrib import admin

from imports_app.commerce.admin.base import RecordAdmin
from imports_app.commerce.models import Bundle, SkuList, SkuListItem, SkuOption


@admin.register(SkuList)
class SkuListAdmin(RecordAdmin):
    """SKU lists."""

    list_display = ("name", "manual", "mode", "reference", "updated_at")
    search_fields = ("name__startswith", "reference__exact")


@admin.register(SkuListItem)
class SkuListItemAdmin(RecordAdmin):
    """The items of SKU lists."""

    list_display = ("sku", "sku_list", "position", "quantity", "mode", "reference", "updated_at")
    list_select_related = ("sku", "sku_list")
    search_fields = ("sku__code__startswith", "reference__exact")


@admin.register(Bundle)
class BundleAdmin(RecordAdmin):
    """Bundles."""

    list_display = ("code", "market", "price_amount_cents", "mode", "reference", "updated_at")
    list_select_related = ("market",)
    search_fields = ("code__startswith", "reference__exact")


@admin.register(SkuOption)
class SkuOptionAdmin(RecordAdmin):
    """SKU options."""

    list_display = ("name", "market", "price_amount_cents", "mode", "reference", "updated_at")
    list_select_related = ("market",)
    search_fields = ("name__startswith", "reference__exact")
