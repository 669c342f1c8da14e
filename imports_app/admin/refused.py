"""The page that staff see in place of one that they may not see, or whose object is gone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse

MAY_NOT = "You have no permission for this. Ask an administrator for it."
GONE = "This page doesn't exist: its object was deleted, or it never existed."

View = Callable[..., HttpResponseBase]


def with_refusals(site: Any, view: View) -> View:
    """Make a view show its 403s and 404s in the style of the site."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied as refusal:
            return refused(site, request, 403, "No permission", str(refusal) or MAY_NOT)
        except Http404 as missing:
            text = missing.args[0] if missing.args else ""
            reason = text if isinstance(text, str) and text else GONE
            return refused(site, request, 404, "Not found", reason)

    return answer


def refused(
    site: Any, request: HttpRequest, status: int, title: str, reason: str
) -> TemplateResponse:
    """Return the page."""
    context = {**site.each_context(request), "title": title, "reason": reason}
    return TemplateResponse(request, "imports_app/admin/refused.html", context, status=status)
