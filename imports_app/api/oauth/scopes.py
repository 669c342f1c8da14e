"""Scopes a client: django-oauth-toolkit by itself lets every client have all of them."""

from typing import Any

from oauth2_provider.scopes import BaseScopes

from imports_app.models import ApiClient
from imports_app.models.scopes import Scope

# What the clients of the reference API may ask for beside ours: the parts of a shop to sell from.
SHOP_SCOPES = ("market:", "stock_location:", "store:")


class ClientScopes(BaseScopes):  # type: ignore[misc]
    """The toolkit asks this for what a token may carry and for what it carries by default."""

    def get_all_scopes(self) -> dict[str, str]:
        return dict(Scope.choices)

    def get_available_scopes(self, application: ApiClient, **_context: Any) -> list[str]:
        return application.scopes.split()

    def get_default_scopes(self, application: ApiClient, **_context: Any) -> list[str]:
        return application.scopes.split()


def requested_scopes(scope: str) -> str:
    """Return the scopes that can be granted or refused here, as OAuth writes them.

    The command line puts commas between scopes, which none of ours has in its name, and js-auth
    asks for `market:all` if it is told no scope. RFC 6749, section 3.3, allows to ignore what has
    no meaning here: the answer says which scopes the token has. Any other stays.
    """
    names = scope.replace(",", " ").split()
    return " ".join(name for name in names if not name.startswith(SHOP_SCOPES))
