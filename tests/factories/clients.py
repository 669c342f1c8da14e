"""API clients and the tokens they call with."""

import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone
from factory.declarations import LazyFunction
from factory.django import DjangoModelFactory
from oauth2_provider.models import AccessToken, set_token_value

from imports_app.models import ApiClient, Mode


class ApiClientFactory(DjangoModelFactory[ApiClient]):
    """A client whose secret nobody knows; `ApiClient.issue` gives one with a secret to show."""

    class Meta:
        model = ApiClient

    name = "shop"
    mode = Mode.TEST
    last_used_at = LazyFunction(timezone.now)  # so that a request of it writes nothing


def access_token(
    client: ApiClient, *, scopes: str | None = None, expires_in: float = 3600
) -> tuple[Any, str]:
    """A token of that client as the database keeps it, and as the client would send it."""
    raw = secrets.token_urlsafe()
    token = AccessToken(
        application=client,
        scope=client.scopes if scopes is None else scopes,
        expires=timezone.now() + timedelta(seconds=expires_in),
    )
    set_token_value(token, raw)
    token.save()
    return token, raw


def bearer(client: ApiClient, **options: Any) -> dict[str, str]:
    """The header of a request by that client, for `headers=` of Django's test client."""
    _, raw = access_token(client, **options)
    return {"Authorization": f"Bearer {raw}"}
