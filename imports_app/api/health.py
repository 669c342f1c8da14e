"""Probes: is the service up, and can it work?"""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from imports_app.operations.health import OK, SPARED, component_states


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer that the process is up; restarting it wouldn't help a database that is down."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Return the state of each component: a 200 if all that an import needs are up, else a 503."""
    components = dict(component_states())
    ready = all(state == OK for name, state in components.items() if name not in SPARED)
    return JsonResponse(
        {"status": "ready" if ready else "not ready", "components": components},
        status=200 if ready else 503,
    )
