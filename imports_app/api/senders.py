"""Who may send a large body to the API: asked by the web server before it takes one."""

from django.http import HttpRequest
from django.urls import ResolverMatch
from rest_framework.request import Request

from imports_app.api.authentication import BearerAuthentication
from imports_app.models.scopes import Scope

VIEWS = ("imports",)  # by their names; of the rest none takes more than a stranger may send


def may_send(request: HttpRequest, match: ResolverMatch) -> bool:
    """Return whether the request would create an import, and its token lets it."""
    if match.url_name not in VIEWS or request.method != "POST":
        return False
    return BearerAuthentication().may(Request(request), Scope.WRITE)
