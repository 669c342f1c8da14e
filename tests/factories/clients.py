"""API clients and the tokens they call with."""

import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone
from factory.declarations import LazyFunction, SelfAttribute, SubFactory
from factory.django import DjangoModelFactory
from oauth2_provider.models import AbstractApplication, get_application_model

from imports_app.models import Mode
from imports_app.oauth.models import AccessToken, ApiClient
from imports_app.oauth.secrets import hashed, new_secret


class ApplicationFactory(DjangoModelFactory[Any]):
    """An application of the toolkit's, whose own secret nobody knows."""

    class Meta:
        model = get_application_model()

    name = "shop"
    client_type = AbstractApplication.CLIENT_CONFIDENTIAL
    authorization_grant_type = AbstractApplication.GRANT_CLIENT_CREDENTIALS


class ApiClientFactory(DjangoModelFactory[ApiClient]):
    """A client whose secret nobody knows; `ApiClient.issue` gives one with a secret to show."""

    class Meta:
        model = ApiClient

    class Params:
        name = "shop"

    application = SubFactory(ApplicationFactory, name=SelfAttribute("..name"))
    mode = Mode.TEST
    secret_hash = LazyFunction(lambda: hashed(new_secret()))
    is_made = True
    last_used_at = LazyFunction(timezone.now)  # so that a request of it writes nothing


def access_token(
    client: ApiClient, *, scopes: str | None = None, expires_in: float = 3600
) -> tuple[AccessToken, str]:
    """A token of that client as the database keeps it, and as the client would send it."""
    raw = secrets.token_urlsafe()
    token = AccessToken.objects.create(
        client=client,
        checksum=hashed(raw),
        scope=client.scopes if scopes is None else scopes,
        expires_at=timezone.now() + timedelta(seconds=expires_in),
    )
    return token, raw


def bearer(client: ApiClient, **options: Any) -> dict[str, str]:
    """The header of a request by that client, for `headers=` of Django's test client."""
    _, raw = access_token(client, **options)
    return {"Authorization": f"Bearer {raw}"}
