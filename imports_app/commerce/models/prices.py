"""Price lists, prices and price tiers. Amounts are in cents of the price list's currency."""

from django.db import models
from django.db.models import Q

from imports_app.commerce.models.base import TEXT_LENGTH, Resource
from imports_app.commerce.models.catalog import Sku


class PriceList(Resource):
    """Prices in one currency."""

    name = models.CharField(max_length=TEXT_LENGTH)
    code = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    currency_code = models.CharField(max_length=3)
    tax_included = models.BooleanField(default=True)

    class Meta(Resource.Meta):
        constraints = [
            models.UniqueConstraint(fields=("name", "mode"), name="price_list_name_is_unique"),
            models.CheckConstraint(
                condition=Q(currency_code__regex=r"^[A-Z]{3}$"),
                name="price_list_currency_code_is_iso_4217",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Price(Resource):
    """What a SKU costs in a price list."""

    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="prices")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="prices", db_index=False)
    amount_cents = models.PositiveBigIntegerField()
    compare_at_amount_cents = models.PositiveBigIntegerField(null=True, blank=True)
    rules = models.JSONField(null=True, blank=True)

    class Meta(Resource.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=("sku", "price_list", "mode"), name="price_is_unique_per_sku_and_list"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_list} {self.sku}"


class PriceTierType(models.TextChoices):
    """What a tier's limit counts: pieces, or days between orders."""

    VOLUME = "PriceVolumeTier", "pieces"
    FREQUENCY = "PriceFrequencyTier", "days between orders"


class PriceTier(Resource):
    """Another amount of a price, which applies up to a limit, if there is one."""

    price = models.ForeignKey(
        Price, on_delete=models.CASCADE, related_name="price_tiers", db_index=False
    )
    tier_type = models.CharField(
        max_length=20, choices=PriceTierType, default=PriceTierType.VOLUME.value
    )
    name = models.CharField(max_length=TEXT_LENGTH)
    up_to = models.IntegerField(null=True, blank=True)
    price_amount_cents = models.BigIntegerField()

    class Meta(Resource.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=("price", "name", "mode"), name="price_tier_name_is_unique_per_price"
            ),
            models.CheckConstraint(
                condition=Q(tier_type__in=PriceTierType.values), name="price_tier_type_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name
