"""The life of an import: its statuses and the table of moves between them."""

from enum import Enum

from django.db import models


class Status(models.TextChoices):
    """Where an import is in its life."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    INTERRUPTED = "interrupted"
    COMPLETED = "completed"


ACTIVE = (Status.PENDING, Status.IN_PROGRESS)
# A second attempt is an import of its own.
FINAL = (Status.INTERRUPTED, Status.COMPLETED)


class Move(Enum):
    """A row of the table. There is no other way from one status to another.

    Attributes:
        sources: the statuses that an import may have before.
        target: the status that it has afterwards.
        stamp: the field that says when it happened, if one does.
        is_final: whether nothing moves the import any more.
    """

    # A worker takes the import: its turn has come, or the worker that had it is gone.
    CLAIM = (Status.PENDING, Status.IN_PROGRESS), Status.IN_PROGRESS, "started_at"
    # A client or staff stops it before any worker took it.
    WITHDRAW = (Status.PENDING,), Status.INTERRUPTED, "interrupted_at"
    # A batch is committed, and more are to come.
    ADVANCE = (Status.IN_PROGRESS,), Status.IN_PROGRESS, ""
    # Every row was gone through, and cleanup, if asked for, is done.
    COMPLETE = (Status.IN_PROGRESS,), Status.COMPLETED, "completed_at"
    # Too many rows failed, somebody asked for it, or it can't go on.
    INTERRUPT = (Status.IN_PROGRESS,), Status.INTERRUPTED, "interrupted_at"

    def __init__(self, sources: tuple[Status, ...], target: Status, stamp: str) -> None:
        self.sources = sources
        self.target = target
        self.stamp = stamp
        self.is_final = target in FINAL
