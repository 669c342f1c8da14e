"""Importers of line items and their options."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Required

from pydantic import Field

from imports_app.commerce.importers.base import CommonRow, blank
from imports_app.commerce.models import Bundle, LineItem, LineItemOption, Order, Sku, SkuOption
from imports_app.commerce.models.line_items import ONE_ITEM
from imports_app.engine.types import BASE
from imports_app.importer import Importer, Relation, RowError
from imports_app.registry import importers

SKU_FORMS = ("sku_id", "sku_reference", "sku_code")
BUNDLE_FORMS = ("bundle_id", "bundle_reference", "bundle_code")


@importers.register
class LineItemImporter(Importer):
    """Line items by id."""

    resource_type = "line_items"
    model = LineItem
    parent = "order"
    relations = {
        "order": Relation(Order, required=True),
        "sku": Relation(Sku),
        "bundle": Relation(Bundle, by="code"),
    }
    tags = "tags"

    class Row(CommonRow, total=False):
        """A line item: a SKU, a bundle, or something that only its name describes.

        Instructions are accepted because the clients of real shops send them, but have no effect.
        """

        quantity: Required[Annotated[int, Field(gt=0)]]
        unit_amount_cents: int | None
        compare_at_amount_cents: int | None
        name: str | None
        image_url: str | None
        item_type: str | None
        frequency: str | None
        _external_price: bool
        _update_quantity: bool
        _reserve_stock: bool

    def validate(self, row: Mapping[str, Any]) -> Iterator[RowError]:
        """See Importer."""
        if _gives(row, SKU_FORMS) and _gives(row, BUNDLE_FORMS):
            yield RowError(BASE, "invalid", ONE_ITEM)

    def missing(self, row: Mapping[str, Any]) -> Iterator[RowError]:
        """Require an amount if neither an item nor an external system provides one."""
        if not any(map(row.get, ("sku_id", "bundle_id", "_external_price"))):
            yield from blank(row, "unit_amount_cents")


@importers.register
class LineItemOptionImporter(Importer):
    """The options of line items, by id."""

    resource_type = "line_item_options"
    model = LineItemOption
    parent = "line_item"
    relations = {
        "line_item": Relation(LineItem, required=True),
        "sku_option": Relation(SkuOption, required=True),
    }
    tags = "tags"

    class Row(CommonRow, total=False):
        """An option of a line item."""

        name: str | None
        quantity: Required[int]
        unit_amount_cents: int | None
        options: Required[dict[str, Any]]


def _gives(row: Mapping[str, Any], forms: tuple[str, ...]) -> bool:
    return any(row.get(form) is not None for form in forms)
