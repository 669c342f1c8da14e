"""The Django app."""

from django.apps import AppConfig


class CommerceConfig(AppConfig):
    """The built-in catalogue. A project that doesn't need it leaves it out of INSTALLED_APPS."""

    name = "imports_app.commerce"
    label = "commerce"
    verbose_name = "Commerce"
    default_auto_field = "django.db.models.BigAutoField"
