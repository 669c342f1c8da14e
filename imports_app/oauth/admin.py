"""The staff pages; Django's admin looks for them here."""

from django.apps import apps

if apps.is_installed("unfold"):
    from imports_app.oauth import staff

    __all__ = ["staff"]
