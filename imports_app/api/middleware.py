"""What answers below the API before or after any of its views does."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeGuard
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from imports_app.addresses import root
from imports_app.api.authentication import Access
from imports_app.api.errors import MEDIA_TYPE, error_response, standard_error
from imports_app.api.negotiation import JsonApiNegotiation, preferred

JSON = "application/json"
STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


class RateHeaders:
    """Tells a client its rate with every answer, errors included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        access: Access | None = getattr(request, "auth", None)
        for name, value in access.rate.items() if access else ():
            response[name] = value
        return response


class JsonApiErrorPages:
    """Puts an error document in the place of Django's own error pages: an unknown path, a host
    that isn't allowed, a crash. Refuses a query that can't be read (below /oauth/ any query is
    refused, in the words of RFC 6749), and lets every error follow Accept. Early in MIDDLEWARE, so
    that it sees what the others answer.
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
            document = error_response([standard_error(response.status_code)])
            response.content = document.content
            response["Content-Type"] = MEDIA_TYPE
            response["Content-Length"] = str(len(document.content))
        return _named(response, request)


def _named(response: HttpResponseBase, request: HttpRequest) -> HttpResponseBase:
    """Return the refusal; an error document under the name of plain JSON for who likes that
    better.
    """
    if response["Content-Type"] == MEDIA_TYPE:
        accepted = JsonApiNegotiation().get_accept_list(request)
        response["Content-Type"] = preferred([MEDIA_TYPE, JSON], accepted) or MEDIA_TYPE
        patch_vary_headers(response, ["Accept"])
    return response


def _is_readable(query: str) -> bool:
    """Return whether every byte of it counts: Django replaces what it can't read, or takes it
    as it is.
    WSGI gives each byte as the character of that number.
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
