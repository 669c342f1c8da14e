"""The Django app of the project itself."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Has the commands and checks of what the environment says."""

    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401  (they register themselves)
