"""Content-Security-Policy: what a browser may load and run for an answer."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

HEADER = "Content-Security-Policy"

# For answers that aren't pages. If a browser shows one anyway, it loads and runs nothing.
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# Alpine, which runs Unfold's menus, compiles the expressions in its attributes and sets styles.
PAGES = (
    "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; img-src 'self' data:; "
    "script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'"
)


class ContentSecurityPolicy:
    """Adds a policy to answers without one. It stands early in MIDDLEWARE, to see errors, too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_page = request.path_info.startswith(reverse("admin:index"))
        response.headers.setdefault(HEADER, PAGES if is_page else NOTHING)
        return response
