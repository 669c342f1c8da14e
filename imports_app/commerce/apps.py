"""The Django app."""

from django.apps import AppConfig


class CommerceConfig(AppConfig):
    """The built-in catalogue; take it out of INSTALLED_APPS to do without."""

    name = "imports_app.commerce"
    label = "commerce"
    verbose_name = "Commerce"
    default_auto_field = "django.db.models.BigAutoField"
