"""Bundles and SKU options."""

from django.db import models
from django.db.models import Q

from imports_app.commerce.models.base import TEXT_LENGTH, Resource
from imports_app.commerce.models.constraints import has_a_currency, is_currency_code
from imports_app.commerce.models.markets import Market
from imports_app.commerce.models.sku_lists import REGEX_LENGTH, SkuList
from imports_app.commerce.models.tags import Tag


class Bundle(Resource):
    """The SKUs of a list, sold together for one amount."""

    code = models.CharField(max_length=TEXT_LENGTH)
    name = models.CharField(max_length=TEXT_LENGTH)
    currency_code = models.CharField(max_length=3, null=True, blank=True)
    description = models.TextField(null=True, blank=True)
    image_url = models.TextField(null=True, blank=True)
    price_amount_cents = models.BigIntegerField()
    compare_at_amount_cents = models.BigIntegerField(null=True, blank=True)
    market = models.ForeignKey(
        Market, null=True, blank=True, on_delete=models.PROTECT, related_name="bundles"
    )
    sku_list = models.ForeignKey(SkuList, on_delete=models.PROTECT, related_name="bundles")
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    class Meta(Resource.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=("code", "market", "mode"), name="bundle_code_is_unique_per_market"
            ),
            # A unique constraint takes two missing markets for different ones.
            models.UniqueConstraint(
                fields=("code", "mode"),
                condition=Q(market__isnull=True),
                name="bundle_code_is_unique_without_a_market",
            ),
            is_currency_code("bundle"),
            has_a_currency("bundle"),
        ]

    def __str__(self) -> str:
        return self.code


class SkuOption(Resource):
    """Something that is done to a SKU on request, such as an engraving."""

    name = models.CharField(max_length=TEXT_LENGTH)
    currency_code = models.CharField(max_length=3, null=True, blank=True)
    description = models.TextField(null=True, blank=True)
    price_amount_cents = models.BigIntegerField(default=0)
    delay_hours = models.IntegerField(default=0)
    sku_code_regex = models.CharField(max_length=REGEX_LENGTH, null=True, blank=True)
    market = models.ForeignKey(
        Market, null=True, blank=True, on_delete=models.PROTECT, related_name="sku_options"
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    class Meta(Resource.Meta):
        verbose_name = "SKU option"
        constraints = [
            models.UniqueConstraint(
                fields=("name", "market", "mode"), name="sku_option_name_is_unique_per_market"
            ),
            models.UniqueConstraint(
                fields=("name", "mode"),
                condition=Q(market__isnull=True),
                name="sku_option_name_is_unique_without_a_market",
            ),
            is_currency_code("sku_option"),
            has_a_currency("sku_option"),
        ]

    def __str__(self) -> str:
        return self.name
