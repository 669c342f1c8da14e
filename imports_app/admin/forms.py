"""Parses forms only on pages that have one, and only small ones from users not signed in."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware

from imports_app.admin.refused import refused
from imports_app.admin.uploads import ADMIN, is_staff

TOO_OLD = (
    "Nothing was done, because you have signed in again since you opened the page. Go back, reload"
    " it and try again."
)
STRANGERS = 16 * 1024  # bytes of a form from somebody not signed in; a sign-in has a few hundred


class StaffForms(CsrfViewMiddleware):
    """Replaces Django's own middleware, which parses the form of every POST for its CSRF token.

    A parsed form takes up to ninety times its size in memory. The API has no forms, and staff pages
    take large ones only from users who are signed in.
    """

    def process_view(  # type: ignore[override]  # a refusal may be any answer
        self,
        request: HttpRequest,
        callback: Callable[..., HttpResponseBase],
        callback_args: tuple[Any, ...],
        callback_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is None or ADMIN not in match.app_names:
            return None
        if _length(request) > STRANGERS and not is_staff(request.user):
            return HttpResponse("This form is too large.", status=413, content_type="text/plain")
        answer: HttpResponseBase | None = super().process_view(
            request, callback, callback_args, callback_kwargs
        )
        return answer

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        """Answer with a page of the site; the usual reason is a new sign-in in another tab."""
        super()._reject(request, reason)  # type: ignore[misc]
        return refused(admin.site, request, 403, "This page is out of date", TOO_OLD).render()


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0
