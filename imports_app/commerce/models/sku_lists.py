"""SKU lists and their items."""

from django.db import models
from django.db.models import Q

from imports_app.commerce.models.base import TEXT_LENGTH, Resource
from imports_app.commerce.models.catalog import Sku
from imports_app.commerce.models.customers import Customer

REGEX_LENGTH = 5_000


class SkuList(Resource):
    """A list of SKUs: a manual list has items, any other has the SKUs whose codes match a regex."""

    name = models.CharField(max_length=TEXT_LENGTH)
    description = models.TextField(null=True, blank=True)
    image_url = models.TextField(null=True, blank=True)
    manual = models.BooleanField(default=True)
    sku_code_regex = models.CharField(max_length=REGEX_LENGTH, null=True, blank=True)
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="sku_lists"
    )

    class Meta(Resource.Meta):
        verbose_name = "SKU list"
        constraints = [
            models.UniqueConstraint(fields=("name", "mode"), name="sku_list_name_is_unique"),
            models.CheckConstraint(
                condition=Q(manual=True) | Q(sku_code_regex__isnull=False),
                name="sku_list_is_manual_or_has_a_regex",
                violation_error_message="must have a sku_code_regex, or be manual",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SkuListItem(Resource):
    """A SKU in a list."""

    sku_list = models.ForeignKey(SkuList, on_delete=models.CASCADE, related_name="sku_list_items")
    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, related_name="sku_list_items", db_index=False
    )
    position = models.IntegerField(null=True, blank=True)
    quantity = models.IntegerField(default=1)

    class Meta(Resource.Meta):
        verbose_name = "SKU list item"
        constraints = [
            models.UniqueConstraint(
                fields=("sku", "sku_list", "mode"),
                name="sku_list_item_is_unique_per_sku_and_list",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_list} {self.sku}"
