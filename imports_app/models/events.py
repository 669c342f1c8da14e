"""Events of imports, kept for their history and for webhooks, and notices of their ends by mail."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from imports_app.models.base import Mode, ModeModel, TimedVersion
from imports_app.models.ids import uuid7
from imports_app.models.imports import Import


class Topic(models.TextChoices):
    """What can happen to an import, in the order in which it does."""

    CREATE = "imports.create"
    START = "imports.start"
    COMPLETE = "imports.complete"
    INTERRUPT = "imports.interrupt"
    DESTROY = "imports.destroy"


# The place of each among the events of one import, whatever the clocks of hosts say.
RANKS = {topic: rank for rank, topic in enumerate(Topic)}


class Event(TimedVersion, ModeModel):
    """One thing that happened, written in the transaction that made it true.

    It outlives its import, and shows it as it was then. It is also the outbox: an event that is
    not passed on has yet to be made into callbacks, one for each webhook that wants to know.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bulk_import = models.ForeignKey(
        Import, on_delete=models.DO_NOTHING, db_constraint=False, related_name="events"
    )
    # Whose import it was: some see their own only.
    caller = models.CharField(max_length=255, null=True)
    name = models.CharField(max_length=17, choices=Topic)
    rank = models.PositiveSmallIntegerField()
    payload = models.TextField()  # JSON
    passed_on = models.BooleanField(default=False)
    # When it happened, or was last fired again: webhooks that are younger are not told.
    fired_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar["models.Manager[Event]"]

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(fields=["mode", "-created_at", "-id"], name="event_list"),
            # For pruning by age.
            models.Index(fields=["created_at"], name="event_age"),
            models.Index(
                fields=["fired_at"], condition=Q(passed_on=False), name="event_not_passed_on"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["bulk_import", "name"], name="event_happens_once"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="event_mode_is_known"),
            models.CheckConstraint(condition=Q(name__in=Topic.values), name="event_name_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.bulk_import_id}"


class Notice(models.Model):
    """An import that is over, and whose maker nobody has told so yet.

    The row is the outbox: made by the transaction that ends the import, deleted by whoever takes
    it to be sent.
    """

    bulk_import = models.OneToOneField(
        Import,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="notice",
        db_column="import_id",
    )
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.pk)
