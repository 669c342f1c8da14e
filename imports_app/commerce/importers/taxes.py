"""Importers of tax calculators and tax categories."""

from typing import Required

from imports_app.commerce.importers.base import CommonRow
from imports_app.commerce.models import Sku, TaxCalculator, TaxCategory
from imports_app.importer import Importer, Relation
from imports_app.registry import importers


@importers.register
class TaxCalculatorImporter(Importer):
    """Tax calculators by name."""

    resource_type = "tax_calculators"
    model = TaxCalculator
    key = ("name",)

    class Row(CommonRow, total=False):
        """A tax calculator."""

        name: Required[str]


@importers.register
class TaxCategoryImporter(Importer):
    """Tax categories by code and calculator."""

    resource_type = "tax_categories"
    model = TaxCategory
    key = ("code", "tax_calculator")
    parent = "tax_calculator"
    relations = {
        "sku": Relation(Sku, required=True, asks_for="sku_code"),
        "tax_calculator": Relation(TaxCalculator, required=True),
    }

    class Row(CommonRow, total=False):
        """A tax category."""

        code: Required[str]
