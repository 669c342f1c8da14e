"""Verbs for looking up imports."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now

from imports_app.status import ACTIVE, Status

if TYPE_CHECKING:
    from imports_app.models.imports import Import, ImportQueue  # noqa: F401  (in base classes)


class Literal(Value):
    """A status in the text of a query.

    SQLite uses an index with a condition only where the query says the same in as many words. A
    parameter could be anything.
    """

    def as_sql(self, *_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return f"'{self.value}'", []


class ImportQuerySet(models.QuerySet["Import"]):
    """Imports by the questions that are asked of them."""

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

    def next_position(self, mode: str) -> int:
        """The next number in the order of creation."""
        queue = self.lock(mode)
        self.filter(pk=mode).update(last_position=queue.last_position + 1)
        return queue.last_position + 1
