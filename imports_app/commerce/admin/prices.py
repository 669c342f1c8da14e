"""Staff pages of price lists, prices and price tiers."""

from django.contrib import admin

from imports_app.commerce.admin.base import RecordAdmin
from imports_app.commerce.models import Price, PriceList, PriceTier


@admin.register(PriceList)
class PriceListAdmin(RecordAdmin):
    """Price lists."""

    list_display = ("name", "currency_code", "tax_included", "mode", "reference", "updated_at")
    search_fields = ("name__startswith", "code__startswith", "reference__exact")


@admin.register(Price)
class PriceAdmin(RecordAdmin):
    """Prices."""

    list_display = (
        "sku",
        "price_list",
        "amount_cents",
        "compare_at_amount_cents",
        "mode",
        "reference",
        "updated_at",
    )
    list_select_related = ("sku", "price_list")
    search_fields = ("sku__code__startswith", "reference__exact")


@admin.register(PriceTier)
class PriceTierAdmin(RecordAdmin):
    """Price tiers."""

    list_display = (
        "name",
        "price",
        "tier_type",
        "up_to",
        "price_amount_cents",
        "mode",
        "reference",
        "updated_at",
    )
    list_select_related = ("price__price_list", "price__sku")
    search_fields = ("name__startswith", "price__sku__code__startswith", "reference__exact")
