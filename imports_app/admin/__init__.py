"""The staff pages, in the style of Unfold if it is installed. Importing this registers them."""

from imports_app.admin import imports, webhooks

__all__ = ["imports", "webhooks"]
