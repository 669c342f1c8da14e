"""The catalogue's resource types, by family; importing this registers them."""

from imports_app.commerce.importers import catalog, customers, prices, stock, tags

__all__ = ["catalog", "customers", "prices", "stock", "tags"]
