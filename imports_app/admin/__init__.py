"""The staff pages; importing this registers them, where the project has Unfold among its apps."""

from django.apps import apps

if apps.is_installed("unfold"):
    from imports_app.admin import imports, webhooks

    __all__ = ["imports", "webhooks"]
