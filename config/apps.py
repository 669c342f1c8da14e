"""The Django app of the project itself."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Provides the project's own commands and checks."""

    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401  (they register themselves)
