"""Tax calculators and tax categories."""

from django.db import models

from imports_app.commerce.models.base import TEXT_LENGTH, Resource
from imports_app.commerce.models.catalog import Sku


class TaxCalculator(Resource):
    """A service that works out taxes."""

    name = models.CharField(max_length=TEXT_LENGTH)

    class Meta(Resource.Meta):
        constraints = [
            models.UniqueConstraint(fields=("name", "mode"), name="tax_calculator_name_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class TaxCategory(Resource):
    """What a tax calculator calls a SKU."""

    code = models.CharField(max_length=TEXT_LENGTH)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="tax_categories")
    tax_calculator = models.ForeignKey(
        TaxCalculator, on_delete=models.PROTECT, related_name="tax_categories"
    )

    class Meta(Resource.Meta):
        verbose_name_plural = "tax categories"
        constraints = [
            models.UniqueConstraint(
                fields=("code", "tax_calculator", "mode"),
                name="tax_category_code_is_unique_per_calculator",
            ),
        ]

    def __str__(self) -> str:
        return self.code
