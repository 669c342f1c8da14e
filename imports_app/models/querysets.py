"""Verbs for looking up imports."""

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from imports_app.models.status import ACTIVE, Status

T = TypeVar("T", bound=models.Model)


# SQLite uses an index with a condition only where the query says the same in as many words: a
# parameter could be anything.
ACTIVE_LITERALS = [RawSQL(f"'{status.value}'", ()) for status in ACTIVE]  # noqa: S611  (constants)


class ImportQuerySet(models.QuerySet[T]):
    """Imports by the questions that are asked of them."""

    def update(self, **values: Any) -> int:
        """Raise the revision of what it updates, so that nothing that is shown changes without;
        the renewal of a lease is not shown.
        """
        raised = {} if values.keys() == {"lease_expires_at"} else {"revision": F("revision") + 1}
        return super().update(**raised, **values)

    def active(self) -> Self:
        """Not final yet, in order of creation."""
        return self.filter(status__in=ACTIVE_LITERALS).order_by("position")

    def held(self) -> Self:
        """Return the imports that a living worker holds."""
        return self.active().filter(lease_expires_at__gt=Now())

    def unheld(self) -> Self:
        """Return the active imports that no living worker holds.

        They are pending, between slices, or orphaned.
        """
        return self.active().filter(
            Q(status=Status.PENDING)
            | Q(lease_expires_at__isnull=True)
            | Q(lease_expires_at__lte=Now())
        )
