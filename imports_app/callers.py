"""Who calls the API, and where callers come from: our OAuth app, or the project's own ways."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string

from imports_app.models import ONLY
from imports_app.models.choices import Scope

OAUTH = "imports_app.oauth"
CLIENTS = "imports_app.oauth.source.ClientSource"
PROJECT = "imports_app.api.project_source.ProjectSource"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Whoever calls the API: a program, or a user of the project.

    Attributes:
        key: identifies the caller for good, at most 255 characters. Imports keep it: turns, limits,
            idempotency keys and what is its own go by it.
        name: the caller's name, for people.
        mode: the data that it sees and makes, in a project with test and live data.
        scopes: what it may do.
        types: the resource types that it may use; None for all.
        user: the caller's user, if there is one, whose permissions are checked then.
    """

    key: str
    name: str = ""
    mode: str = ONLY
    scopes: frozenset[str] = frozenset((Scope.READ, Scope.WRITE))
    types: frozenset[str] | None = None
    user: Any = None


class CallerSource:
    """Where callers come from, and what is known about earlier callers.

    `challenge` is the WWW-Authenticate of a 401 to a request without credentials. Where callers
    don't share what they see, each has webhooks that tell of its own imports only.
    """

    challenge: str
    shares = True

    def find(self, request: Any) -> tuple[Caller, frozenset[str]]:
        """Return who sends the request, and which of its scopes the request has.

        Raises the 401 for missing or invalid credentials.
        """
        raise NotImplementedError

    def used(self, caller: Caller) -> None:
        """Note that a request of the caller is carried out."""

    def gone(self, keys: Collection[str]) -> frozenset[str]:
        """Return those of the keys whose callers may do nothing any more."""
        return frozenset()

    def names(self, keys: Collection[str] | None = None) -> Mapping[str, str]:
        """Return what people call them, or all callers, as far as that is known."""
        return {}

    def tidy(self) -> None:
        """Remove what is no longer needed. Sweeps call this; it takes a moment at most."""

    def security(self) -> tuple[str, Mapping[str, Any]]:
        """Return the name of OpenAPI's security scheme, and the scheme."""
        raise NotImplementedError

    def paths(self) -> Mapping[str, Any]:
        """Return the OpenAPI paths that it adds, by which callers get what they show."""
        return {}

    def schemas(self) -> Mapping[str, Any]:
        """Return the OpenAPI schemas of these."""
        return {}


def caller_source() -> CallerSource:
    """Return where callers come from: the OAuth app where it is installed."""
    source: CallerSource = import_string(CLIENTS if apps.is_installed(OAUTH) else PROJECT)()
    return source
