"""Line items and their options."""

from django.db import models
from django.db.models import Q

from imports_app.commerce.models.base import TEXT_LENGTH, Resource
from imports_app.commerce.models.catalog import Sku
from imports_app.commerce.models.constraints import is_positive
from imports_app.commerce.models.offers import Bundle, SkuOption
from imports_app.commerce.models.orders import Order
from imports_app.commerce.models.tags import Tag

ONE_ITEM = "can't have both a SKU and a bundle"


class LineItem(Resource):
    """A line of an order: a SKU, a bundle, or something else that its name describes.

    Attributes:
        unit_amount_cents: the amount of one piece, in cents; negative for a discount.
    """

    quantity = models.BigIntegerField()
    unit_amount_cents = models.BigIntegerField(null=True, blank=True)
    compare_at_amount_cents = models.BigIntegerField(null=True, blank=True)
    name = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    image_url = models.TextField(null=True, blank=True)
    item_type = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    frequency = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="line_items")
    sku = models.ForeignKey(
        Sku, null=True, blank=True, on_delete=models.PROTECT, related_name="line_items"
    )
    bundle = models.ForeignKey(
        Bundle, null=True, blank=True, on_delete=models.PROTECT, related_name="line_items"
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    class Meta(Resource.Meta):
        constraints = [
            is_positive("line_item"),
            models.CheckConstraint(
                condition=Q(sku__isnull=True) | Q(bundle__isnull=True),
                name="line_item_has_one_item",
                violation_error_message=ONE_ITEM,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku or self.bundle or self.name}"


class LineItemOption(Resource):
    """An option that the buyer chose for a line item, with what the buyer wrote for it."""

    name = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    quantity = models.BigIntegerField()
    unit_amount_cents = models.BigIntegerField(null=True, blank=True)
    options = models.JSONField()
    line_item = models.ForeignKey(
        LineItem, on_delete=models.CASCADE, related_name="line_item_options"
    )
    sku_option = models.ForeignKey(
        SkuOption, on_delete=models.PROTECT, related_name="line_item_options"
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    class Meta(Resource.Meta):
        pass

    def __str__(self) -> str:
        return self.name or str(self.sku_option)
