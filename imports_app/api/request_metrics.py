"""Counts requests by method, route and status, and measures how long their answers took."""

import re
from collections.abc import Callable
from functools import lru_cache
from time import perf_counter

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from imports_app.telemetry.metrics import HTTP_REQUESTS, HTTP_SECONDS

METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})
GROUP = re.compile(r"\(\?P<(\w+)>[^()]*\)|<(?:\w+:)?(\w+)>")


class RequestMetrics:
    """Measures requests. Only RequestIds stands before it, so it sees the others' answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        start = perf_counter()
        response = self.get_response(request)
        # Methods and paths that don't exist share a label, so that nobody can create new series.
        method = request.method if request.method in METHODS else "OTHER"
        match = request.resolver_match
        labels = method, readable(match.route) if match else "none"
        HTTP_REQUESTS.labels(*labels, str(response.status_code)).inc()
        HTTP_SECONDS.labels(*labels).observe(perf_counter() - start)
        return response


@lru_cache(maxsize=1_024)
def readable(route: str) -> str:
    """Return a route's regular expression in readable form: `/api/imports/{pk}`."""
    named = GROUP.sub(lambda found: f"{{{found[1] or found[2]}}}", route)
    return "/" + named.replace("^", "").removesuffix("$").removesuffix("/?").replace("\\", "")
