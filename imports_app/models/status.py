"""The life of an import: its statuses and the table of allowed moves."""

from django.db import models


class Status(models.TextChoices):
    """Where an import is in its life."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    INTERRUPTED = "interrupted"
    COMPLETED = "completed"


MOVES: dict[Status, frozenset[Status]] = {
    Status.PENDING: frozenset(
        {
            # A worker claims the import: its turn has come.
            Status.IN_PROGRESS,
            # A client or staff stops it before any worker took it.
            Status.INTERRUPTED,
        }
    ),
    Status.IN_PROGRESS: frozenset(
        {
            # Every row was gone through, and cleanup, if asked for, is done.
            Status.COMPLETED,
            # Too many rows failed, somebody asked for it, or it can't go on.
            Status.INTERRUPTED,
        }
    ),
    # Final: a second attempt is an import of its own.
    Status.INTERRUPTED: frozenset(),
    Status.COMPLETED: frozenset(),
}

ACTIVE = (Status.PENDING, Status.IN_PROGRESS)
FINAL = (Status.INTERRUPTED, Status.COMPLETED)


def sources(target: Status) -> list[Status]:
    """The statuses from which an import may move to `target`."""
    return [source for source, targets in MOVES.items() if target in targets]
