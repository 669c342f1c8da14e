"""What oauthlib asks about clients and tokens."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from oauthlib.common import Request
from oauthlib.oauth2 import RequestValidator

from imports_app.oauth.models import AccessToken, ApiClient
from imports_app.oauth.secrets import hashed


class Validator(RequestValidator):  # type: ignore[misc]
    """Client credentials, and tokens of which the checksum is kept."""

    def client_authentication_required(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """Return that a client always has to show its secret."""
        return True

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """Return whether the id and the secret are those of one client, which is noted."""
        clients = ApiClient.objects.select_related("application")
        client = clients.filter(application__client_id=request.client_id or "").first()
        if client is None or not client.verify(request.client_secret or ""):
            return False
        request.client = client
        return True

    def authenticate_client_id(self, *args: Any, **kwargs: Any) -> bool:
        """Return that an id alone lets nobody in."""
        return False

    def validate_grant_type(self, client_id: str, grant_type: str, *args: Any, **kw: Any) -> bool:
        """Return whether it is the only one that there is."""
        return grant_type == "client_credentials"

    def get_default_scopes(
        self, client_id: str, request: Request, *args: Any, **kwargs: Any
    ) -> list[str]:
        """Return all that the client may do."""
        client: ApiClient = request.client
        return client.scopes.split()

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: ApiClient, *args: Any, **kwargs: Any
    ) -> bool:
        """Return whether the client may do all that."""
        return client.scope_names.issuperset(scopes)

    def save_bearer_token(self, token: dict[str, Any], request: Request, *args: Any) -> None:
        """Keep the token's checksum."""
        AccessToken.objects.create(
            client=request.client,
            checksum=hashed(token["access_token"]),
            scope=token["scope"],
            expires_at=timezone.now() + timedelta(seconds=token["expires_in"]),
        )

    def revoke_token(self, token: str, token_type_hint: str, request: Request, *args: Any) -> None:
        """Remove the token, if it is the client's."""
        AccessToken.objects.filter(client=request.client, checksum=hashed(token)).delete()
