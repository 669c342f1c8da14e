"""The staff pages; importing this registers them, where the project has Unfold among its apps."""

from django.apps import apps

if apps.is_installed("unfold"):
    from imports_app.admin import clients, imports, tokens

    __all__ = ["clients", "imports", "tokens"]
