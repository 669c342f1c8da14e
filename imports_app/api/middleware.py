"""What answers below the API before or after any of its views does."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeGuard

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from imports_app.api.errors import MEDIA_TYPE, error_response, standard_error

PREFIXES = ("/api/", "/oauth/")


class JsonApiErrorPages:
    """Puts an error document in the place of Django's own error pages: an unknown path, a host
    that isn't allowed, a crash. First in MIDDLEWARE, so that it sees what the others answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info.startswith(PREFIXES) and _is_error_page(response):
            document = error_response([standard_error(response.status_code)])
            response.content = document.content
            response["Content-Type"] = MEDIA_TYPE
            response["Content-Length"] = str(len(document.content))
        return response


def _is_error_page(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    is_html = response.headers.get("Content-Type", "").startswith("text/")
    return response.status_code >= HTTPStatus.BAD_REQUEST and is_html
