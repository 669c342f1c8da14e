"""The staff pages; importing this registers them."""

from imports_app.admin import clients, imports, tokens, users

__all__ = ["clients", "imports", "tokens", "users"]
