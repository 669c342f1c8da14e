"""Probes for whatever watches the service: is it up, and can it work?"""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from imports_app.operations.health import OK, SPARED, component_states


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Say that the process answers. A dead database is no reason to start it again."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when every component an import needs is there, else 503; each is named."""
    components = dict(component_states())
    ready = all(state == OK for name, state in components.items() if name not in SPARED)
    return JsonResponse(
        {"status": "ready" if ready else "not ready", "components": components},
        status=200 if ready else 503,
    )
