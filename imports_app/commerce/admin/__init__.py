"""The catalogue's staff pages, by family; importing this registers them, where there is Unfold."""

from django.apps import apps

if apps.is_installed("unfold"):
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
