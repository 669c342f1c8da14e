"""Importers of SKUs and shipping categories."""

from typing import Literal, Required

from imports_app.commerce.importers.base import CommonRow
from imports_app.commerce.models import ShippingCategory, Sku
from imports_app.importer import Importer, Relation
from imports_app.registry import importers


@importers.register
class ShippingCategoryImporter(Importer):
    """Shipping categories by name."""

    resource_type = "shipping_categories"
    model = ShippingCategory
    key = ("name",)

    class Row(CommonRow, total=False):
        """A shipping category."""

        name: Required[str]
        code: str | None


@importers.register
class SkuImporter(Importer):
    """SKUs by code."""

    resource_type = "skus"
    model = Sku
    key = ("code",)
    relations = {"shipping_category": Relation(ShippingCategory)}
    tags = "tags"

    class Row(CommonRow, total=False):
        """A SKU."""

        code: Required[str]
        name: Required[str]
        description: str | None
        image_url: str | None
        pieces_per_pack: int | None
        weight: float | None
        unit_of_weight: Literal["gr", "oz", "lb"] | None
        hs_tariff_number: str | None
        do_not_ship: bool | None
        do_not_track: bool | None
