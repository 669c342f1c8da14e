"""Callers from the project's own authentication."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.module_loading import import_string
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request
from rest_framework.settings import api_settings

from imports_app.api.errors import ApiError
from imports_app.callers import Caller, CallerSource
from imports_app.conf import conf
from imports_app.models.choices import Scope

# For authenticators without a challenge of their own, such as sessions: a 401 has to have one.
CHALLENGE = 'Session realm="imports"'


class ProjectSource(CallerSource):
    """Asks the authenticators of REST_FRAMEWORK in turn, and then IMPORTS_CALLER for the caller."""

    shares = False  # callers may have different types

    @property
    def challenge(self) -> str:  # type: ignore[override]  # that of the authenticators
        """The challenge of the first authenticator that has one."""
        request: Any = None
        challenges = (each.authenticate_header(request) for each in _authenticators())
        return next(filter(None, challenges), CHALLENGE)

    def find(self, request: Request) -> tuple[Caller, frozenset[str]]:
        """Return the caller that the hook names, and its scopes."""
        request.user, request.auth = self._authenticated(request)
        caller = _hook()(request)
        if caller is None:
            raise self._refusal("UNAUTHORIZED", "Credentials are required")
        return caller, caller.scopes

    def security(self) -> tuple[str, Mapping[str, Any]]:
        """Return the OpenAPI security scheme: the header that the authentication reads."""
        return "project", {"type": "apiKey", "in": "header", "name": "Authorization"}

    def _authenticated(self, request: Request) -> tuple[Any, Any]:
        """Return the user and the credentials; for a request without any, no user."""
        for authenticator in _authenticators():
            try:
                found = authenticator.authenticate(request)
            except (AuthenticationFailed, NotAuthenticated) as error:
                raise self._refusal("INVALID_TOKEN", "The credentials are invalid", error) from None
            if found is not None:
                return found
        return AnonymousUser(), None

    def _refusal(self, code: str, title: str, error: Exception | None = None) -> ApiError:
        detail = f"{title}: {error}" if error else f"{title} by the project's API."
        return ApiError(
            401, code, title, detail=detail, headers={"WWW-Authenticate": self.challenge}
        )


def user_caller(request: Request) -> Caller | None:
    """Return the authenticated user as a caller, whose permissions say what it may do."""
    user = request.user
    if not user.is_authenticated:
        return None
    scopes = frozenset(Scope) - {Scope.EXCEED}  # nobody approves their own imports
    return Caller(key=f"user-{user.pk}", name=str(user), scopes=scopes, user=user)


def _hook() -> Callable[[Request], Caller | None]:
    hook: Callable[[Request], Caller | None]
    hook = import_string(conf.caller) if conf.caller else user_caller
    return hook


def _authenticators() -> list[BaseAuthentication]:
    classes: Any = api_settings.DEFAULT_AUTHENTICATION_CLASSES
    return [each() for each in classes]
