"""The home page: the user's work, what runs, what failed in the last day, and the health checks."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import TruncMinute
from django.http import HttpRequest
from django.utils import timezone

from imports_app.admin.callers import name_callers
from imports_app.admin.charts import Bars
from imports_app.admin.filters import is_entry
from imports_app.admin.glance import Glance
from imports_app.conf import conf
from imports_app.models import Import, ImportBatch, Mode, Proposal
from imports_app.models.status import ACTIVE, FINAL, Status
from imports_app.operations.health import component_states
from imports_app.queue.scheduling import queue_position
from imports_app.services.proposing import proposals_of, waiting_for

TEMPLATE = "imports_app/admin/home.html"
DAY = timedelta(days=1)
BAR_MINUTES = 10
SHOWN_RUNNING = 8
SHOWN = 5
MENDABLE = timedelta(days=30)
LARGE = ("metadata", "interruption", "doomed_keys")


class Failures(NamedTuple):
    """What became of a type's rows in the last day, and the length of its bar."""

    resource_type: str
    rows: int
    failed: int
    percent: float


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Return the context of the home page; Unfold calls it, and so does the page My work.

    Users who may not see imports see only the menu.
    """
    if request.user.has_perm("imports_app.view_import") or request.user.has_perm(
        "imports_app.change_import"
    ):
        since = timezone.now() - DAY
        context |= now_context(request.user)
        may_run = request.user.has_perm("imports_app.run_import")
        context |= {
            "shows_imports": True,
            "may_run": may_run,
            "rate": rate(since),
            "failures": failures(since),
        }
    return context


def now_context(user: Any = None) -> dict[str, Any]:
    """Return the imports that run and wait now, the user's own, and the state of the components."""
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
        "modes": conf.modes,
        "work": work_of(user),
        "more": counts["running"] - len(glances),
        "health": dict(component_states()),
    }


def rate(since: datetime) -> Bars:
    """Return the rows per minute until now, as bars of BAR_MINUTES each."""
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
    """Return the failures, by type, of imports created since then. The worst type comes first."""
    types = (
        Import.objects.filter(
            mode__in=Mode.values, created_at__gte=since
        )  # in the order of the index
        .values("resource_type")
        .annotate(failed=Sum("errors_count"), rows=Sum("processed_count") + Sum("errors_count"))
        .filter(failed__gt=0)
        .order_by("-failed", "resource_type")
    )
    most = max((line["failed"] for line in types), default=1)
    return [Failures(**line, percent=round(100 * line["failed"] / most, 2)) for line in types]


class Waiting(NamedTuple):
    """An active import. `behind` others have to end before it begins; None if it has begun."""

    glance: Glance
    behind: int | None


class Work(NamedTuple):
    """A user's imports, the latest first.

    Attributes:
        to_mend: imports with failed rows and without a retry.
        to_decide: the proposals that this user may approve, the oldest first.
        asked: the user's own proposals.
    """

    active: list[Waiting]
    to_mend: list[Glance]
    recent: list[Glance]
    to_decide: list[Proposal]
    asked: list[Proposal]

    @property
    def is_any(self) -> bool:
        """Whether there is anything to show."""
        return any(self)


def work_of(user: Any) -> Work:
    """Return the user's work, at most SHOWN of each kind."""
    if user is None:
        return Work([], [], [], [], [])
    user_id = user.pk
    own = Import.objects.filter(created_by_id=user_id).defer(*LARGE).order_by("-created_at", "-id")
    active = [
        Waiting(Glance(each), _behind(each)) for each in own.filter(status__in=ACTIVE)[:SHOWN]
    ]
    final = own.filter(is_entry(), status__in=FINAL)
    return Work(
        active,
        to_mend=_glances(final.filter(_to_mend())[:SHOWN]),
        recent=_glances(final[:SHOWN]),
        to_decide=list(waiting_for(user)[:SHOWN]),
        asked=list(proposals_of(user_id)[:SHOWN]),
    )


def _to_mend() -> Q:
    """Return the condition for imports whose failed rows are still to be mended.

    They are not if there is a retry, or if the rows of a check were imported. A check of mended
    rows doesn't count as a retry, and isn't to be mended itself.
    """
    since = timezone.now() - MENDABLE
    retried = Import.objects.filter(retry_of=OuterRef("pk"), is_check=False)
    has_failed = Q(errors_count__gt=0, created_at__gte=since, is_check=False)
    return has_failed & Q(~Exists(retried), imports_made=None)


def _behind(import_: Import) -> int | None:
    return queue_position(import_) - 1 if import_.status == Status.PENDING else None


def _glances(imports: Iterable[Import]) -> list[Glance]:
    return [Glance(import_) for import_ in imports]
