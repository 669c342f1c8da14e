"""Staff pages of SKUs and shipping categories."""

from django.contrib import admin

from imports_app.commerce.admin.base import RecordAdmin
from imports_app.commerce.models import ShippingCategory, Sku


@admin.register(ShippingCategory)
class ShippingCategoryAdmin(RecordAdmin):
    """Shipping categories."""

    list_display = ("name", "code", "mode", "reference", "updated_at")
    search_fields = ("name__startswith", "code__startswith", "reference__exact")


@admin.register(Sku)
class SkuAdmin(RecordAdmin):
    """SKUs."""

    list_display = ("code", "name", "shipping_category", "mode", "reference", "updated_at")
    list_select_related = ("shipping_category",)
    search_fields = ("code__startswith", "reference__exact")
