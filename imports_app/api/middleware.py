"""Middleware of the API: rate headers, and errors as JSON:API documents."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeGuard
from urllib.parse import unquote_to_bytes

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from imports_app.addresses import root
from imports_app.api.authentication import Access
from imports_app.api.errors import MEDIA_TYPE, UNKNOWN_HOST, error_response, standard_error
from imports_app.api.negotiation import JsonApiNegotiation, preferred

JSON = "application/json"
STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


class RateHeaders:
    """Adds the rate headers to every answer to a client, errors included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        access: Access | None = getattr(request, "auth", None)
        for name, value in access.rate.items() if access else ():
            response[name] = value
        return response


class JsonApiErrorPages:
    """Replaces Django's own error pages by error documents: for an unknown path, a host that isn't
    allowed, a crash.

    It refuses queries that can't be read (below /oauth/ the views refuse any query, as RFC 6749
    has it), and gives every error the media type that the client accepts. It stands early in
    MIDDLEWARE, so that it sees the answers of the others.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        api, oauth = f"{root()}api/", f"{root()}oauth/"
        if not request.path.startswith((api, oauth)):
            return self.get_response(request)
        if request.path.startswith(api) and not _is_readable(request.META["QUERY_STRING"]):
            detail = "The query is not UTF-8, or not percent-encoded as it should be."
            return _named(error_response([standard_error(400, detail)]), request)
        response = self.get_response(request)
        if response.status_code < HTTPStatus.BAD_REQUEST:
            return response
        if _is_page(response):
            reason = None if _has_known_host(request) else UNKNOWN_HOST
            document = error_response([standard_error(response.status_code, reason)])
            response.content = document.content
            response["Content-Type"] = MEDIA_TYPE
            response["Content-Length"] = str(len(document.content))
        return _named(response, request)


def _named(response: HttpResponseBase, request: HttpRequest) -> HttpResponseBase:
    """Return the error; an error document as plain JSON if the client prefers that."""
    if response["Content-Type"] == MEDIA_TYPE:
        accepted = JsonApiNegotiation().get_accept_list(request)
        response["Content-Type"] = preferred([MEDIA_TYPE, JSON], accepted) or MEDIA_TYPE
        patch_vary_headers(response, ["Accept"])
    return response


def _has_known_host(request: HttpRequest) -> bool:
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def _is_readable(query: str) -> bool:
    """Return whether the query is UTF-8, percent-encoded; Django would replace or keep the rest.

    WSGI passes each byte as the character of that number.
    """
    if STRAY_PERCENT.search(query):
        return False
    try:
        unquote_to_bytes(query.encode("latin-1")).decode()
    except UnicodeError:
        return False
    return True


def _is_page(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    return response.headers.get("Content-Type", "").startswith("text/")
