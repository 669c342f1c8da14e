"""`GET /metrics`: measurements for Prometheus."""

from ipaddress import ip_address
from secrets import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from imports_app.api.errors import error_response, standard_error
from imports_app.conf import conf
from imports_app.operations.scrape import registry

# How the names of headers begin that proxies add.
FORWARDED = (
    "X-FORWARDED",
    "X-ORIGINAL",
    "X-REAL-",
    "X-CLIENT-",
    "X-CLUSTER-",
    "X-ENVOY-",
    "FORWARDED",
    "VIA",
    "TRUE-CLIENT-",
    "CF-",
)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the measurements of this host's processes and of the queue, as text.

    With conf.metrics_token, whoever sends it as a bearer token may read them. Without it, only this
    host may, and not through a proxy, whose requests all seem to come from this host: nobody may if
    the settings expect a proxy, nor if a request shows traces of one.
    """
    if not _may_read(request):
        return error_response([standard_error(403, "You may not read the metrics.")])
    return HttpResponse(generate_latest(registry()), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    if conf.metrics_token:
        shown = request.headers.get("Authorization", "")
        return compare_digest(shown.encode(), f"Bearer {conf.metrics_token}".encode())
    return _is_local(request) and not _is_proxied(request)


def _is_proxied(request: HttpRequest) -> bool:
    if settings.SECURE_PROXY_SSL_HEADER or settings.USE_X_FORWARDED_HOST:
        return True
    return any(name.upper().startswith(FORWARDED) for name in request.headers)


def _is_local(request: HttpRequest) -> bool:
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:  # a Unix socket has no address
        return False
