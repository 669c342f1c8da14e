"""Callers that show a bearer token."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from rest_framework.request import Request

from imports_app.addresses import root
from imports_app.api.errors import ApiError
from imports_app.callers import Caller, CallerSource
from imports_app.models.choices import Scope
from imports_app.oauth.models import AccessToken, ApiClient
from imports_app.oauth.openapi import token_paths, token_schemas
from imports_app.oauth.secrets import hashed
from imports_app.oauth.use import note_use

CHALLENGE = 'Bearer realm="imports"'
# What is looked at of a token, of its client and of that's application.
NEEDED = (
    *("scope", "expires_at"),
    *(f"client__{name}" for name in ("mode", "scopes", "revoked_at", "last_used_at")),
    *(f"client__application__{name}" for name in ("client_id", "name")),
)
EXPIRED_AT_ONCE = 1_000  # tokens that a sweep removes at most


@dataclass(frozen=True, kw_only=True)
class ClientCaller(Caller):
    """A caller that is an API client."""

    client: ApiClient


class ClientSource(CallerSource):
    """Finds the token and its client in one query; one of the project's own takes a second.

    The database alone decides, by the token's checksum: what the token says about its client's
    mode and scopes is for the client to read, and may be older than what holds now.
    """

    challenge = CHALLENGE

    def find(self, request: Request) -> tuple[Caller, frozenset[str]]:
        """Return the client, and which of the token's scopes it still has."""
        token = _presented(request)
        found = _own(token) or _projects(token)
        if found is None or found.client.revoked_at:  # its token may have been on its way out
            raise _invalid("The access token is unknown or was revoked.")
        if found.expired:
            raise _invalid("The access token has expired.")
        client = found.client
        caller = ClientCaller(
            key=client.client_id,
            name=client.name,
            mode=client.mode,
            scopes=client.scope_names,
            user=found.user,
            client=client,
        )
        return caller, client.granted(found.scope)

    def used(self, caller: Caller) -> None:
        """Note when the client was last used."""
        if isinstance(caller, ClientCaller):
            note_use(caller.client)

    def gone(self, keys: Collection[str]) -> frozenset[str]:
        """Return those that are no clients any more, or revoked."""
        valid = ApiClient.objects.filter(application__client_id__in=keys, revoked_at=None)
        return frozenset(keys) - {*valid.values_list("application__client_id", flat=True)}

    def names(self, keys: Collection[str] | None = None) -> Mapping[str, str]:
        """Return the names of their applications."""
        clients = ApiClient.objects.all()
        if keys is not None:
            clients = clients.filter(application__client_id__in=keys)
        return dict(clients.values_list("application__client_id", "application__name"))

    def tidy(self) -> None:
        """Remove tokens that have expired; they are refused from their last second on anyway."""
        expired = AccessToken.objects.filter(expires_at__lt=timezone.now()).order_by("expires_at")
        ids = list(expired.values_list("pk", flat=True)[:EXPIRED_AT_ONCE])
        AccessToken.objects.filter(pk__in=ids).delete()

    def security(self) -> tuple[str, Mapping[str, Any]]:
        """Return the flow of client credentials."""
        scopes = {scope.value: scope.label for scope in Scope}
        flow = {"tokenUrl": f"{root()}oauth/token", "scopes": scopes}
        return "oauth2", {"type": "oauth2", "flows": {"clientCredentials": flow}}

    def paths(self) -> Mapping[str, Any]:
        """Return those below `/oauth`."""
        return token_paths()

    def schemas(self) -> Mapping[str, Any]:
        """Return those of token requests and their answers."""
        return token_schemas()


def _presented(request: Request) -> str:
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


class Found(NamedTuple):
    """What stands behind a token."""

    client: ApiClient
    scope: str
    user: Any
    expired: bool


def _own(text: str) -> Found | None:
    """Look among the tokens that we gave out."""
    # It is asked of each request, and each column takes Django as long as the database.
    tokens = AccessToken.objects.select_related("client__application").only(*NEEDED)
    try:
        token = tokens.get(checksum=hashed(text))
    except AccessToken.DoesNotExist:
        return None
    return Found(token.client, token.scope, None, token.expires_at <= timezone.now())


def _projects(text: str) -> Found | None:
    """Look among the toolkit's tokens; one counts if its application is a client of ours."""
    tokens = get_access_token_model().objects.select_related("application__imports_client", "user")
    found = tokens.filter(
        token_checksum=hashed(text), application__imports_client__isnull=False
    ).first()
    if found is None or (found.user and not found.user.is_active):
        return None
    client: ApiClient = found.application.imports_client
    return Found(client, found.scope, found.user, found.is_expired())


def _invalid(detail: str) -> ApiError:
    challenge = f'{CHALLENGE}, error="invalid_token", error_description="{detail}"'
    return ApiError(
        401,
        "INVALID_TOKEN",
        "The access token is invalid",
        detail=detail,
        headers={"WWW-Authenticate": challenge},
    )
