"""The catalogue's tables, by family."""

from imports_app.commerce.models.catalog import ShippingCategory, Sku, UnitOfWeight
from imports_app.commerce.models.customers import Customer
from imports_app.commerce.models.prices import Price, PriceList
from imports_app.commerce.models.stock import StockItem, StockLocation
from imports_app.commerce.models.tags import Tag

__all__ = [
    "Customer",
    "Price",
    "PriceList",
    "ShippingCategory",
    "Sku",
    "StockItem",
    "StockLocation",
    "Tag",
    "UnitOfWeight",
]
