"""Whether everything is there that an import needs: for `/readyz` and `manage.py check_health`."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from celery import current_app
from django.db.models import Count, Min
from django.utils import timezone

from imports_app.conf import MIB, conf
from imports_app.database import connection
from imports_app.events import outbox
from imports_app.models import Heartbeat, Import
from imports_app.models.status import Status
from imports_app.operations.migrations import missing_migrations
from imports_app.queue import bell
from imports_app.telemetry.logs import throttled

PATIENCE = timedelta(minutes=1)  # after which due callbacks count as piled up
ROOM = 16 * MIB  # bytes without which a disk counts as full

OK = "ok"


class NotReady(Exception):
    """A component can't do its work; the message may be shown to anybody."""


def component_states() -> Iterator[tuple[str, str]]:
    """Yield each component with "ok" or what is wrong, as it is found out.

    Why one doesn't answer is in the log only: an error of a driver may hold hosts and names.
    """
    for name, check in CHECKS.items():
        yield name, _state(check)


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as reason:
        return str(reason)
    except Exception as error:  # noqa: BLE001  (it is told, in a line and not a traceback)
        throttled.warning(f"The check {check.__name__} failed: %r", error)
        return "not reachable"
    return OK


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _disk() -> None:
    if conf.data_dir and (free := shutil.disk_usage(conf.data_dir).free) < ROOM:
        raise NotReady(f"full: {free // MIB} MiB are left in the data directory")


def _migrations() -> None:
    if missing := missing_migrations():
        raise NotReady(f"{missing} not applied")


def _broker() -> None:
    if not bell.broker.admits():
        raise NotReady("not reachable")
    with (
        bell.broker.watching(patience=bell.LONG_WAIT),
        current_app.connection_for_write() as connection_,
    ):
        connection_.ensure_connection(max_retries=0, timeout=1)


def _worker() -> None:
    """Look whether a worker was seen: each is, with every slice of an import and every sweep."""
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


def _callbacks() -> None:
    """Look whether they pile up: nobody sends them, or too few do."""
    waiting = outbox.due().filter(due_at__lt=timezone.now() - PATIENCE)
    count, oldest = waiting.aggregate(count=Count("pk"), oldest=Min("due_at")).values()
    if count:
        raise NotReady(f"{count} are due, the oldest since {oldest:%Y-%m-%dT%H:%M:%SZ}")


CHECKS: Mapping[str, Callable[[], None]] = {
    "database": _database,
    "migrations": _migrations,
    "disk": _disk,
    "broker": _broker,
    "worker": _worker,
    "beat": _beat,
    "callbacks": _callbacks,
}
# What no import needs: it is told, and no reason to take a host out of service.
SPARED = frozenset({"callbacks"})


def oldest_waiting() -> timedelta | None:
    """For how long the pending import that waits longest has waited; None if none waits."""
    # By the index on active imports, however many are finished.
    pending = Import.objects.active().filter(status=Status.PENDING)
    created_at = pending.aggregate(oldest=Min("created_at"))["oldest"]
    return None if created_at is None else max(timezone.now() - created_at, timedelta())
