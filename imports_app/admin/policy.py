"""What a browser may load and do with an answer of ours: its Content-Security-Policy."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

HEADER = "Content-Security-Policy"

# Answers that are no pages: if a browser shows one all the same, it loads and runs nothing.
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# Alpine, which moves Unfold's menus, compiles the expressions in its attributes and sets styles.
PAGES = (
    "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; img-src 'self' data:; "
    "script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'"
)


class ContentSecurityPolicy:
    """Gives a policy to every answer without one of its own, errors too: early in MIDDLEWARE."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_page = request.path_info.startswith(reverse("admin:index"))
        response.headers.setdefault(HEADER, PAGES if is_page else NOTHING)
        return response
