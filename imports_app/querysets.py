"""Verbs for looking up imports."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now
from django.utils import timezone

from imports_app.status import ACTIVE, Status

if TYPE_CHECKING:
    from imports_app.models.imports import Import, ImportQueue  # noqa: F401  (in base classes)


TICK = timedelta(microseconds=1)  # the least that both databases tell apart


class Literal(Value):
    """A status in the text of a query.

    SQLite uses an index with a condition only where the query says the same in as many words. A
    parameter could be anything.
    """

    def as_sql(self, *_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return f"'{self.value}'", []


class Place(NamedTuple):
    """Where an import stands in the order of creation of its mode."""

    position: int
    created_at: datetime


class ImportQuerySet(models.QuerySet["Import"]):
    """Imports by the questions that are asked of them."""

    def update(self, **values: Any) -> int:
        """Raises the revision of what it updates, so that nothing that is shown changes without;
        the renewal of a lease is not shown.
        """
        raised = {} if values.keys() == {"lease_expires_at"} else {"revision": F("revision") + 1}
        return super().update(**raised, **values)

    def active(self) -> Self:
        """Not final yet, in order of creation."""
        return self.filter(status__in=[*map(Literal, ACTIVE)]).order_by("position")

    def held(self) -> Self:
        """Those that a living worker holds."""
        return self.active().filter(lease_expires_at__gt=Now())

    def unheld(self) -> Self:
        """Active ones that no living worker holds: pending, between slices, or orphaned."""
        return self.active().filter(
            Q(status=Status.PENDING)
            | Q(lease_expires_at__isnull=True)
            | Q(lease_expires_at__lte=Now())
        )


class ImportQueueQuerySet(models.QuerySet["ImportQueue"]):
    """The per-mode lock. Call inside a transaction: it is held until that ends."""

    def lock(self, mode: str) -> "ImportQueue":
        """The mode's row, locked against every other create and claim."""
        row = self.select_for_update().filter(mode=mode)
        if (found := row.first()) is not None:
            return found
        self.get_or_create(mode=mode)
        return row.get()

    def next_place(self, mode: str) -> Place:
        """The next place in the order of creation. Its time is after every earlier one's, even if
        the clock was set back, or another host's clock is slow.
        """
        queue = self.lock(mode)
        now = timezone.now()
        if queue.last_created_at is not None:
            now = max(now, queue.last_created_at + TICK)
        place = Place(queue.last_position + 1, now)
        self.filter(pk=mode).update(last_position=place.position, last_created_at=now)
        return place
