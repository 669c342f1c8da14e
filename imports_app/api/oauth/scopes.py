"""Scopes a client: django-oauth-toolkit by itself lets every client have all of them."""

from typing import Any

from oauth2_provider.scopes import BaseScopes

from imports_app.models import ApiClient
from imports_app.scopes import Scope


class ClientScopes(BaseScopes):  # type: ignore[misc]
    """The toolkit asks this for what a token may carry and for what it carries by default."""

    def get_all_scopes(self) -> dict[str, str]:
        return dict(Scope.choices)

    def get_available_scopes(self, application: ApiClient, **_context: Any) -> list[str]:
        return application.scopes.split()

    def get_default_scopes(self, application: ApiClient, **_context: Any) -> list[str]:
        return application.scopes.split()
