"""Decides who may send a large body to the API, before the web server receives it."""

from django.http import HttpRequest
from django.urls import ResolverMatch
from rest_framework.request import Request

from imports_app.api.authentication import CallerAuthentication
from imports_app.conf import conf
from imports_app.models.choices import Scope

RESOURCE_TYPE = "resource_type"  # in the query of a create: the body is a file
RETRY = "retry"
VIEWS = ("imports", RETRY)  # by their names; the others accept no more than strangers may send
DOCUMENTS = ("application/vnd.api+json", "application/json")


def may_send(request: HttpRequest, match: ResolverMatch) -> int:
    """Return how many bytes the request may have if it may create an import; 0 if it may not.

    A file may have more than a document.
    """
    if match.url_name not in VIEWS or request.method != "POST":
        return 0
    if not CallerAuthentication().may(Request(request), Scope.WRITE):
        return 0
    is_file = RESOURCE_TYPE in request.GET or (
        match.url_name == RETRY and request.content_type not in DOCUMENTS
    )
    return conf.max_file_bytes if is_file else conf.max_request_bytes
