"""The staff pages; importing this registers them, where the project has Unfold among its apps."""

from django.apps import apps

if apps.is_installed("unfold"):
    # Wherever it stands in INSTALLED_APPS, its pages are registered before ours replace them.
    import oauth2_provider.admin  # noqa: F401

    from imports_app.admin import clients, imports, webhooks

    __all__ = ["clients", "imports", "webhooks"]
