"""Staff pages of markets, payment methods and payment sources."""

from django.contrib import admin

from imports_app.commerce.admin.base import RecordAdmin
from imports_app.commerce.models import Market, PaymentMethod, PaymentSource


@admin.register(Market)
class MarketAdmin(RecordAdmin):
    """Markets."""

    list_display = ("name", "code", "price_list", "mode", "reference", "updated_at")
    list_select_related = ("price_list",)
    search_fields = ("name__startswith", "code__startswith", "reference__exact")


@admin.register(PaymentMethod)
class PaymentMethodAdmin(RecordAdmin):
    """Payment methods."""

    list_display = ("name", "market", "price_amount_cents", "mode", "reference", "updated_at")
    list_select_related = ("market",)
    search_fields = ("name__startswith", "reference__exact")


@admin.register(PaymentSource)
class PaymentSourceAdmin(RecordAdmin):
    """Payment sources; no page shows their tokens."""

    list_display = ("customer", "payment_method", "mode", "reference", "updated_at")
    list_select_related = ("customer", "payment_method")
    search_fields = ("customer__email__startswith", "reference__exact")
