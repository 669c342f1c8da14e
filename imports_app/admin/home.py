"""The first page: what runs, how much was done in the last day, what failed, who is alive."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMinute
from django.http import HttpRequest
from django.utils import timezone

from imports_app.admin.callers import name_callers
from imports_app.admin.charts import Bars
from imports_app.admin.glance import Glance
from imports_app.models import Import, ImportBatch, Mode
from imports_app.models.status import Status
from imports_app.operations.health import component_states

DAY = timedelta(days=1)
BAR_MINUTES = 10
SHOWN_RUNNING = 8


class Failures(NamedTuple):
    """What became of a type's rows in the last day, and how long its bar is."""

    resource_type: str
    rows: int
    failed: int
    percent: float


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Return the context of the first page; Unfold calls it.

    Those who may not see imports see the menu alone.
    """
    if request.user.has_perm("imports_app.view_import") or request.user.has_perm(
        "imports_app.change_import"
    ):
        since = timezone.now() - DAY
        context |= now_context()
        may_run = request.user.has_perm("imports_app.run_import")
        context |= {
            "shows_imports": True,
            "may_run": may_run,
            "rate": rate(since),
            "failures": failures(since),
        }
    return context


def now_context() -> dict[str, Any]:
    """Return what runs and waits at this moment, and whether all that an import needs is there."""
    counts = (
        Import.objects.active()
        .order_by()
        .aggregate(
            running=Count("pk", filter=Q(status=Status.IN_PROGRESS)),
            waiting=Count("pk", filter=Q(status=Status.PENDING)),
            rows_left=Sum("inputs_size", default=0)
            - Sum("processed_count", default=0)
            - Sum("errors_count", default=0),
        )
    )
    running = Import.objects.active().filter(status=Status.IN_PROGRESS)
    shown = list(running.defer("metadata")[:SHOWN_RUNNING])
    name_callers(shown)
    glances = [Glance(import_) for import_ in shown]
    return {
        **counts,
        "is_active": bool(counts["running"] or counts["waiting"]),
        "glances": glances,
        "more": counts["running"] - len(glances),
        "health": dict(component_states()),
    }


def rate(since: datetime) -> Bars:
    """Rows gone through a minute, as bars of BAR_MINUTES each until now."""
    minutes = (
        ImportBatch.objects.filter(created_at__gte=since)
        .annotate(minute=TruncMinute("created_at"))
        .values_list("minute")
        .annotate(Sum("rows"))
        .order_by()
    )
    width = timedelta(minutes=BAR_MINUTES)
    bars = [0] * (DAY // width)
    for minute, rows in minutes:
        # The first minute began before the day did.
        bars[min(max(0, (minute - since) // width), len(bars) - 1)] += rows
    return Bars(since, width, [rows / BAR_MINUTES for rows in bars])


def failures(since: datetime) -> list[Failures]:
    """By type, for the imports made since then; those with most failed rows first."""
    types = (
        Import.objects.filter(mode__in=Mode.values, created_at__gte=since)  # as the index has it
        .values("resource_type")
        .annotate(failed=Sum("errors_count"), rows=Sum("processed_count") + Sum("errors_count"))
        .filter(failed__gt=0)
        .order_by("-failed", "resource_type")
    )
    most = max((line["failed"] for line in types), default=1)
    return [Failures(**line, percent=round(100 * line["failed"] / most, 2)) for line in types]
