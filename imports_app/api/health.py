"""Probes for whatever watches the service: is it up, and can it work?"""

import logging
from collections.abc import Callable
from datetime import timedelta

from celery import current_app
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from imports_app.conf import conf
from imports_app.models import Heartbeat

logger = logging.getLogger(__name__)


class NotReady(Exception):
    """A component can't do its work; the message may be shown to anybody."""


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked, so a dead database doesn't restart it."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when every component an import needs is there, else 503; each is named.

    Why one failed is in the log only: an error of a driver may hold hosts and names.
    """
    components = {name: _state(check) for name, check in CHECKS.items()}
    ready = all(state == "ok" for state in components.values())
    return JsonResponse(
        {"status": "ready" if ready else "not ready", "components": components},
        status=200 if ready else 503,
    )


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as reason:
        return str(reason)
    except Exception:
        logger.warning("The check %s failed.", check.__name__, exc_info=True)
        return "not reachable"
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _migrations() -> None:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        raise NotReady(f"{missing} not applied")


def _broker() -> None:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=0, timeout=1)


def _worker() -> None:
    """A worker is seen with every slice of an import and every sweep."""
    _seen_lately("worker")


def _beat() -> None:
    """Beat is seen by the sweeps that it sends."""
    _seen_lately("beat")


def _seen_lately(name: str) -> None:
    # A worker in the middle of a slice takes no sweep.
    patience = timedelta(seconds=2 * conf.sweep_seconds + conf.slice_seconds)
    seen_at = Heartbeat.objects.filter(name=name).values_list("seen_at", flat=True).first()
    if seen_at is None:
        raise NotReady("never seen")
    if seen_at < timezone.now() - patience:
        raise NotReady(f"last seen {seen_at:%Y-%m-%dT%H:%M:%SZ}")


CHECKS = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "worker": _worker,
    "beat": _beat,
}
