"""SKUs and shipping categories."""

from django.db import models
from django.db.models import Q

from imports_app.commerce.models.base import TEXT_LENGTH, Resource
from imports_app.commerce.models.tags import Tag


class ShippingCategory(Resource):
    """SKUs that ship in the same way."""

    name = models.CharField(max_length=TEXT_LENGTH)
    code = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)

    class Meta(Resource.Meta):
        verbose_name_plural = "shipping categories"
        constraints = [
            models.UniqueConstraint(
                fields=("name", "mode"), name="shipping_category_name_is_unique"
            ),
            models.UniqueConstraint(
                fields=("code", "mode"), name="shipping_category_code_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitOfWeight(models.TextChoices):
    """The unit of a SKU's weight."""

    GRAM = "gr", "gram"
    OUNCE = "oz", "ounce"
    POUND = "lb", "pound"


class Sku(Resource):
    """A product variant that can be priced and stocked."""

    code = models.CharField(max_length=TEXT_LENGTH)
    name = models.CharField(max_length=TEXT_LENGTH)
    description = models.TextField(null=True, blank=True)
    image_url = models.TextField(null=True, blank=True)
    pieces_per_pack = models.IntegerField(null=True, blank=True)
    weight = models.FloatField(null=True, blank=True)
    unit_of_weight = models.CharField(max_length=2, choices=UnitOfWeight, null=True, blank=True)
    hs_tariff_number = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    do_not_ship = models.BooleanField(null=True, blank=True)
    do_not_track = models.BooleanField(null=True, blank=True)
    shipping_category = models.ForeignKey(
        ShippingCategory, null=True, blank=True, on_delete=models.PROTECT, related_name="skus"
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    class Meta(Resource.Meta):
        verbose_name = "SKU"
        constraints = [
            models.UniqueConstraint(fields=("code", "mode"), name="sku_code_is_unique"),
            models.CheckConstraint(
                condition=Q(unit_of_weight__isnull=True)
                | Q(unit_of_weight__in=UnitOfWeight.values),
                name="sku_unit_of_weight_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.code
