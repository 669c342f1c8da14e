"""Importers of promotion rules, coupons and gift cards."""

from collections.abc import Iterator, Mapping
from typing import Any, Required

from imports_app.commerce.importers.base import (
    CommonRow,
    CurrencyCode,
    Moment,
    Text,
    without_currency,
)
from imports_app.commerce.models import Coupon, GiftCard, Market, PromotionRule
from imports_app.engine.types import Name
from imports_app.importer import Importer, Relation, RowError
from imports_app.registry import importers


@importers.register
class PromotionRuleImporter(Importer):
    """Promotion rules by name."""

    resource_type = "coupon_codes_promotion_rules"
    model = PromotionRule
    key = ("name",)
    relations = {"market": Relation(Market)}

    class Row(CommonRow, total=False):
        """A promotion rule."""

        name: Required[str]
        starts_at: Moment | None
        expires_at: Moment | None
        total_usage_limit: int | None


@importers.register
class CouponImporter(Importer):
    """Coupons by code and promotion rule."""

    resource_type = "coupons"
    model = Coupon
    key = ("code", "promotion_rule")
    parent = "promotion_rule"
    relations = {"promotion_rule": Relation(PromotionRule, required=True)}
    tags = "tags"

    class Row(CommonRow, total=False):
        """A coupon."""

        code: Required[str]
        customer_single_use: bool
        usage_limit: int | None
        recipient_email: Name | None
        expires_at: Moment | None


@importers.register
class GiftCardImporter(Importer):
    """Gift cards by code."""

    resource_type = "gift_cards"
    model = GiftCard
    key = ("code",)
    parent = "market"
    relations = {"market": Relation(Market)}
    tags = "tags"

    class Row(CommonRow, total=False):
        """A gift card. One without a code is given one."""

        code: Text
        currency_code: CurrencyCode | None
        balance_cents: Required[int]
        balance_max_cents: int | None
        single_use: bool
        rechargeable: bool
        distribute_discount: bool
        image_url: str | None
        expires_at: Moment | None
        recipient_email: Name | None

    def missing(self, row: Mapping[str, Any]) -> Iterator[RowError]:
        """See Importer."""
        return without_currency(row)
