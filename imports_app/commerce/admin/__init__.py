"""The catalogue's staff pages, by family; importing this registers them."""

from imports_app.commerce.admin import (
    addresses,
    catalog,
    customers,
    markets,
    offers,
    orders,
    prices,
    promotions,
    stock,
    tags,
    taxes,
)

__all__ = [
    "addresses",
    "catalog",
    "customers",
    "markets",
    "offers",
    "orders",
    "prices",
    "promotions",
    "stock",
    "tags",
    "taxes",
]
