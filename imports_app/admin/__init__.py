"""The staff pages; importing this registers them. Their look is Unfold's where it is installed."""

from imports_app.admin import imports, webhooks

__all__ = ["imports", "webhooks"]
