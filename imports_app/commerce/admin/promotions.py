"""Staff pages of promotion rules, coupons and gift cards."""

from django.contrib import admin

from imports_app.commerce.admin.base import RecordAdmin
from imports_app.commerce.models import Coupon, GiftCard, PromotionRule


@admin.register(PromotionRule)
class PromotionRuleAdmin(RecordAdmin):
    """Promotion rules."""

    list_display = (
        "name",
        "market",
        "starts_at",
        "expires_at",
        "mode",
        "reference",
        "updated_at",
    )
    list_select_related = ("market",)
    search_fields = ("name__startswith", "reference__exact")


@admin.register(Coupon)
class CouponAdmin(RecordAdmin):
    """Coupons."""

    list_display = ("code", "promotion_rule", "expires_at", "mode", "reference", "updated_at")
    list_select_related = ("promotion_rule",)
    search_fields = ("code__startswith", "reference__exact")


@admin.register(GiftCard)
class GiftCardAdmin(RecordAdmin):
    """Gift cards."""

    list_display = (
        "code",
        "market",
        "balance_cents",
        "expires_at",
        "mode",
        "reference",
        "updated_at",
    )
    list_select_related = ("market",)
    search_fields = ("code__startswith", "reference__exact")
