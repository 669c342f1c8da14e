"""Promotion rules, coupons and gift cards."""

from django.db import models

from imports_app.commerce.models.base import TEXT_LENGTH, Resource
from imports_app.commerce.models.codes import generated_code
from imports_app.commerce.models.constraints import has_a_currency, is_currency_code
from imports_app.commerce.models.markets import Market
from imports_app.commerce.models.tags import Tag


class PromotionRule(Resource):
    """A promotion for customers with one of its coupons."""

    name = models.CharField(max_length=TEXT_LENGTH)
    starts_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    total_usage_limit = models.IntegerField(null=True, blank=True)
    market = models.ForeignKey(
        Market, null=True, blank=True, on_delete=models.PROTECT, related_name="promotion_rules"
    )

    class Meta(Resource.Meta):
        verbose_name = "coupon codes promotion rule"
        constraints = [
            models.UniqueConstraint(fields=("name", "mode"), name="promotion_rule_name_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Coupon(Resource):
    """A code that makes a promotion apply."""

    code = models.CharField(max_length=TEXT_LENGTH)
    customer_single_use = models.BooleanField(default=False)
    usage_limit = models.IntegerField(null=True, blank=True)
    recipient_email = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    promotion_rule = models.ForeignKey(
        PromotionRule, on_delete=models.PROTECT, related_name="coupons"
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    class Meta(Resource.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=("code", "promotion_rule", "mode"),
                name="coupon_code_is_unique_per_promotion_rule",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class GiftCard(Resource):
    """A prepaid amount, which anybody with the code can spend."""

    code = models.CharField(max_length=TEXT_LENGTH, default=generated_code)
    currency_code = models.CharField(max_length=3, null=True, blank=True)
    balance_cents = models.PositiveBigIntegerField()
    balance_max_cents = models.BigIntegerField(null=True, blank=True)
    single_use = models.BooleanField(default=False)
    rechargeable = models.BooleanField(default=True)
    distribute_discount = models.BooleanField(default=True)
    image_url = models.TextField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    recipient_email = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    market = models.ForeignKey(
        Market, null=True, blank=True, on_delete=models.PROTECT, related_name="gift_cards"
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    class Meta(Resource.Meta):
        constraints = [
            models.UniqueConstraint(fields=("code", "mode"), name="gift_card_code_is_unique"),
            is_currency_code("gift_card"),
            has_a_currency("gift_card"),
        ]

    def __str__(self) -> str:
        return self.code
