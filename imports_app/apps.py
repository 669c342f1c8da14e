"""The Django app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ImportsConfig(AppConfig):
    """Loads every installed app's `importers` module, where resource types are declared."""

    name = "imports_app"
    verbose_name = "Imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from imports_app import checks  # noqa: F401  (they register themselves)
        from imports_app.models import lookups  # noqa: F401  (so do these)

        autodiscover_modules("importers")
