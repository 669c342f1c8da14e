"""The catalogue's staff pages, by family; importing this registers them."""

from imports_app.commerce.admin import catalog, customers, prices, stock, tags

__all__ = ["catalog", "customers", "prices", "stock", "tags"]
