"""Staff pages of tax calculators and tax categories."""

from django.contrib import admin

from imports_app.commerce.admin.base import RecordAdmin
from imports_app.commerce.models import TaxCalculator, TaxCategory


@admin.register(TaxCalculator)
class TaxCalculatorAdmin(RecordAdmin):
    """Tax calculators."""

    list_display = ("name", "mode", "reference", "updated_at")
    search_fields = ("name__startswith", "reference__exact")


@admin.register(TaxCategory)
class TaxCategoryAdmin(RecordAdmin):
    """Tax categories."""

    list_display = ("code", "sku", "tax_calculator", "mode", "reference", "updated_at")
    list_select_related = ("sku", "tax_calculator")
    search_fields = ("code__startswith", "sku__code__startswith", "reference__exact")
