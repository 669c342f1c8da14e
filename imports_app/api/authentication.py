"""Who is asking: bearer tokens."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from oauth2_provider.models import get_access_token_model
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from imports_app.api.client_use import note_use
from imports_app.api.errors import ApiError
from imports_app.api.throttling import count_request
from imports_app.models import ApiClient
from imports_app.telemetry.log_context import note

CHALLENGE = 'Bearer realm="imports"'


@dataclass(frozen=True)
class Access:
    """What `request.auth` is: who asks, what for they may, and how often they did.

    Attributes:
        scopes: those that the token was given and its client still has.
        rate: the headers that every answer to the client has.
    """

    client: ApiClient
    scopes: frozenset[str]
    rate: Mapping[str, str]


class BearerAuthentication(BaseAuthentication):
    """Finds the token and its client in one query; `request.auth` is an Access then.

    Counts the request too, so that one which is refused later is counted as well.

    The database alone decides, by the token's checksum: what the token says about its client's
    mode and scopes is for the client to read, and may be older than what holds now.
    """

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Access]:
        token = self._valid(request)
        client: ApiClient = token.application
        note(client=client.pk, mode=client.mode)
        rate = count_request(client)
        note_use(client)
        return AnonymousUser(), Access(client, client.granted(token.scope), rate)

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE

    def may(self, request: Request, scope: str) -> bool:
        """Return whether the token has that scope. Nothing is counted: a request only begins so."""
        try:
            token = self._valid(request)
        except ApiError:
            return False
        client: ApiClient = token.application
        return scope in client.granted(token.scope)

    def _valid(self, request: Request) -> Any:
        token = self._find(self._presented(request))
        # A token may have been on its way out while its client was revoked.
        if token is None or token.application.revoked_at:
            raise self._invalid("The access token is unknown or was revoked.")
        if token.is_expired():
            raise self._invalid("The access token has expired.")
        return token

    def _presented(self, request: Request) -> str:
        header: str = request.META.get("HTTP_AUTHORIZATION", "")
        scheme, _, token = header.strip().partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token or " " in token:
            raise ApiError(
                401,
                "UNAUTHORIZED",
                "An access token is required",
                detail="The Authorization header must be: Bearer <access token>",
                headers={"WWW-Authenticate": CHALLENGE},
            )
        return token

    def _find(self, token: str) -> Any:
        checksum = hashlib.sha256(token.encode()).hexdigest()
        tokens = get_access_token_model().objects.select_related("application")
        return tokens.filter(token_checksum=checksum, application__isnull=False).first()

    def _invalid(self, detail: str) -> ApiError:
        challenge = f'{CHALLENGE}, error="invalid_token", error_description="{detail}"'
        return ApiError(
            401,
            "INVALID_TOKEN",
            "The access token is invalid",
            detail=detail,
            headers={"WWW-Authenticate": challenge},
        )


def client_of(request: Request) -> ApiClient:
    """Return the client that made an authenticated request."""
    return cast("Access", request.auth).client
