"""The queue of a mode: the order in which its imports are created, and whose turn it is."""

from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple

from django.db import models
from django.utils import timezone

from imports_app.models.base import Mode

TICK = timedelta(microseconds=1)  # the least that both databases tell apart
REMEMBERED_TURNS = 1_000


class Place(NamedTuple):
    """Where an import stands in the order of creation of its mode."""

    position: int
    created_at: datetime


class ImportQueueQuerySet(models.QuerySet["ImportQueue"]):
    """The per-mode lock. Call inside a transaction: it is held until that ends."""

    def lock(self, mode: str) -> "ImportQueue":
        """Lock and return the mode's row, against every other create and claim."""
        row = self.select_for_update().filter(mode=mode)
        if (found := row.first()) is not None:
            return found
        self.bulk_create([self.model(mode=mode)], ignore_conflicts=True)
        return row.get()

    def next_place(self, mode: str) -> Place:
        """Take the next place in the order of creation. Its time is after every earlier one's,
        even if
        the clock was set back, or another host's clock is slow.
        """
        queue = self.lock(mode)
        now = timezone.now()
        if queue.last_created_at is not None:
            now = max(now, queue.last_created_at + TICK)
        place = Place(queue.last_position + 1, now)
        self.filter(pk=mode).update(last_position=place.position, last_created_at=now)
        return place


class ImportQueue(models.Model):
    """The queue of a mode, one row for each.

    It has the last place given, who had the last time slices, and the lock under which imports are
    created and claimed one at a time.
    """

    mode = models.CharField(primary_key=True, max_length=4, choices=Mode)
    last_position = models.BigIntegerField(default=0)
    last_created_at = models.DateTimeField(null=True)
    last_turn = models.BigIntegerField(default=0)
    # By caller: the number of the last time slice it had. Callers take turns by it.
    turns = models.JSONField(default=dict)

    objects: ClassVar[ImportQueueQuerySet] = ImportQueueQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.mode

    def turn_of(self, caller: str | None) -> int:
        """Return when that caller last had a time slice; 0 if long ago or never."""
        return int(self.turns.get(str(caller), 0))

    def give_turn(self, caller: str | None) -> None:
        """Note that the caller has a time slice now. The caller holds the lock."""
        self.last_turn += 1
        self.turns[str(caller)] = self.last_turn
        # Whoever waited longer than this is first in any case: nothing is lost by forgetting it.
        forgotten = self.last_turn - REMEMBERED_TURNS
        self.turns = {caller: turn for caller, turn in self.turns.items() if turn > forgotten}
        self.save(update_fields=["last_turn", "turns"])
