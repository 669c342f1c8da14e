"""The catalogue's resource types, by family; importing this registers them."""

from imports_app.commerce.importers import (
    addresses,
    catalog,
    customers,
    line_items,
    markets,
    offers,
    orders,
    prices,
    promotions,
    sku_lists,
    stock,
    tags,
    taxes,
)

__all__ = [
    "addresses",
    "catalog",
    "customers",
    "line_items",
    "markets",
    "offers",
    "orders",
    "prices",
    "promotions",
    "sku_lists",
    "stock",
    "tags",
    "taxes",
]
