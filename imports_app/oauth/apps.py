"""The Django app."""

from django.apps import AppConfig, apps
from django.core.exceptions import ImproperlyConfigured


class OAuthConfig(AppConfig):
    """Clients beside the applications of `oauth2_provider`, whatever model these have."""

    name = "imports_app.oauth"
    label = "imports_oauth"
    verbose_name = "API clients"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """Say what is missing before a model of the toolkit does."""
        if not apps.is_installed("oauth2_provider"):
            raise ImproperlyConfigured(
                f'{self.name} needs "oauth2_provider" in INSTALLED_APPS; without OAuth, leave both'
                " out: the project's own authentication lets callers in then."
            )
        super().import_models()

    def ready(self) -> None:
        from imports_app.oauth import use  # noqa: F401  (it listens to a signal)
