"""Finds out who calls the API, and counts their requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from imports_app.api.errors import ApiError
from imports_app.api.throttling import count_request
from imports_app.callers import Caller, caller_source
from imports_app.models.choices import Scope
from imports_app.services.approval import Approval
from imports_app.telemetry.logs import note


@dataclass(frozen=True)
class Access:
    """The `request.auth` of an authenticated request.

    Attributes:
        scopes: those that the request was given and its caller still has.
        approval: for a caller that may exceed the limits of imports without one.
        rate: the rate headers, which every answer to the caller has.
    """

    caller: Caller
    scopes: frozenset[str]
    approval: Approval | None
    rate: Mapping[str, str]


class CallerAuthentication(BaseAuthentication):
    """Asks the caller source who calls; `request.auth` becomes an Access.

    Counts the request, too, so that one that is refused later is counted as well.
    """

    def authenticate(self, request: Request) -> tuple[Any, Access]:
        source = caller_source()
        caller, scopes = source.find(request)
        note(client=caller.key, mode=caller.mode)
        rate = count_request(caller)
        source.used(caller)
        approval = Approval() if Scope.EXCEED in scopes else None
        return caller.user or AnonymousUser(), Access(caller, scopes, approval, rate)

    def authenticate_header(self, request: Request) -> str:
        return caller_source().challenge

    def may(self, request: Request, scope: str) -> bool:
        """Return whether the request has that scope. Doesn't count the request."""
        try:
            _, scopes = caller_source().find(request)
        except (ApiError, APIException):
            return False
        return scope in scopes
