"""`GET /metrics`: measurements for Prometheus."""

from ipaddress import ip_address
from secrets import compare_digest

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from imports_app.api.errors import error_response, standard_error
from imports_app.conf import conf
from imports_app.metrics import registry

FORWARDED = ("X-Forwarded-For", "Forwarded")


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The measurements of this host's processes and of the queue, as text.

    With conf.metrics_token whoever shows it as a bearer token may read them; without, only this
    host itself, and through no proxy, for to a proxy on it all requests would be its own.
    """
    if not _may_read(request):
        return error_response([standard_error(403, "Metrics are not for everybody.")])
    return HttpResponse(generate_latest(registry()), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    if conf.metrics_token:
        shown = request.headers.get("Authorization", "")
        return compare_digest(shown.encode(), f"Bearer {conf.metrics_token}".encode())
    return _is_local(request) and not any(name in request.headers for name in FORWARDED)


def _is_local(request: HttpRequest) -> bool:
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:  # a Unix socket has no address
        return False
