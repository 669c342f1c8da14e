"""Checks scopes: what a client may do."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from django.core.exceptions import ImproperlyConfigured
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from imports_app.api.authentication import Access
from imports_app.api.errors import ApiError
from imports_app.callers import caller_source

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which imports this module, named in the settings


class HasScope(BasePermission):
    """Lets a request pass if it has the scope that its view requires.

    `view.required_scopes` maps actions of a viewset and HTTP methods to scopes; an action takes
    precedence. A view must name one for each of its methods. OPTIONS needs any valid token, and a
    method that the view doesn't have passes, to end as a 405.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        scope = self._required(request, view)
        if scope is not None:
            require_scope(request, scope)
        return True

    def _required(self, request: Request, view: "APIView") -> str | None:
        scopes: Mapping[str, str] = getattr(view, "required_scopes", {})
        method = "GET" if request.method == "HEAD" else request.method
        for name in filter(None, (getattr(view, "action", None), method)):
            if name in scopes:
                return scopes[name]
        if method == "OPTIONS" or method not in view.allowed_methods:
            return None
        raise ImproperlyConfigured(f"{type(view).__name__} names no scope for {method}.")


def require_scope(request: Request, scope: str) -> None:
    """Raise a 403 that names the scope, unless the request has it."""
    access = cast("Access", request.auth)
    if scope in access.scopes:
        return
    challenge = f'{caller_source().challenge}, error="insufficient_scope", scope="{scope}"'
    raise ApiError(
        403,
        "FORBIDDEN",
        f"The scope {scope} is missing",
        detail=f"This needs the scope {scope}, which the access token or its client lacks.",
        meta={"scope": scope},
        headers={"WWW-Authenticate": challenge},
    )
