"""An import at a glance: its state, progress and speed, and what became of its rows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from imports_app.models import Import
from imports_app.models.status import ACTIVE, Status
from imports_app.outputs import amounts

WITH_ERRORS = "completed_with_errors"
STOPPING = "stopping"
# Unfold's colours of labels.
COLOURS = {
    Status.PENDING: "default",
    Status.IN_PROGRESS: "info",
    STOPPING: "warning",
    Status.INTERRUPTED: "danger",
    Status.COMPLETED: "success",
    WITH_ERRORS: "warning",
}
LABELS = {
    Status.IN_PROGRESS: "In progress",
    STOPPING: "Being interrupted",
    WITH_ERRORS: "Completed with errors",
}
UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
ANNOUNCED_STEP = 10  # per cent; a screen reader is not told of every row


class Share(NamedTuple):
    """A part of the rows: what became of them, how many there are, and their share of the bar."""

    name: str
    rows: int
    percent: float


class Moment(NamedTuple):
    """A moment in the life of an import, and the time since the moment before."""

    name: str
    at: datetime
    after: str


class Glance:
    """An import as it is at one moment."""

    def __init__(self, import_: Import) -> None:
        self.import_ = import_
        self.now = timezone.now()

    @property
    def state(self) -> str:
        """The status, or another name where staff tell apart what has the same status."""
        if self.import_.status == Status.COMPLETED and self.import_.errors_count:
            return WITH_ERRORS
        if self.import_.status == Status.IN_PROGRESS and self.import_.interrupt_requested:
            return STOPPING
        return self.import_.status

    @property
    def label(self) -> str:
        """The state in words."""
        return LABELS.get(self.state) or str(Status(self.import_.status).label)

    @property
    def colour(self) -> str:
        """The variant of Unfold's label."""
        return COLOURS[self.state]

    @property
    def is_active(self) -> bool:
        """Whether the import may still change."""
        return self.import_.status in ACTIVE

    @property
    def percent(self) -> int:
        """The share of rows that were gone through, in per cent, rounded down: 100 means all."""
        return 100 * self.import_.rows_done // self.import_.inputs_size

    @property
    def rows_done(self) -> str:
        """How many rows were gone through, in words."""
        return amounts.rows_of(self.import_.rows_done, self.import_.inputs_size)

    @property
    def shares(self) -> list[Share]:
        """What became of the rows that were gone through."""
        counts = (
            ("created", self.import_.created_count),
            ("updated", self.import_.updated_count),
            ("unchanged", self.import_.unchanged_count),
            ("failed", self.import_.errors_count),
        )
        size = self.import_.inputs_size
        return [Share(name, count, round(100 * count / size, 3)) for name, count in counts]

    @property
    def ended_at(self) -> datetime | None:
        """When the import became final."""
        return self.import_.completed_at or self.import_.interrupted_at

    @property
    def seconds(self) -> float:
        """How long the import has run, in seconds; 0 if it never began."""
        if self.import_.started_at is None:
            return 0.0
        return ((self.ended_at or self.now) - self.import_.started_at).total_seconds()

    @property
    def duration(self) -> str:
        """How long the import has run, in words; if it is pending, how long it has waited."""
        if self.import_.started_at:
            return duration(self.seconds)
        waited = (self.ended_at or self.now) - self.import_.created_at
        return f"waiting {duration(waited.total_seconds())}" if self.is_active else "-"

    @property
    def rate(self) -> float:
        """The average number of rows per second since the import began."""
        return self.import_.rows_done / self.seconds if self.seconds else 0.0

    @property
    def time_left(self) -> str:
        """How long the remaining rows will take at this rate, in words; empty if unknown."""
        rest = self.import_.inputs_size - self.import_.rows_done
        if self.import_.status != Status.IN_PROGRESS or not self.rate or not rest:
            return ""
        return duration(rest / self.rate)

    @property
    def age(self) -> str:
        """How long ago the import was created, in words."""
        return duration((self.now - self.import_.created_at).total_seconds(), units=1)

    @property
    def announcement(self) -> str:
        """The text that a screen reader says when it changes."""
        if not self.is_active:
            processed = self.import_.processed_count
            return (
                f"{self.label}: {amounts.rows(processed)} processed, "
                f"{self.import_.errors_count:,} failed"
            )
        step = self.percent // ANNOUNCED_STEP * ANNOUNCED_STEP
        return f"{self.label}, {step} %" if self.import_.started_at else self.label

    @property
    def timeline(self) -> list[Moment]:
        """What has happened so far, in order."""
        return list(self._moments())

    def _moments(self) -> Iterator[Moment]:
        before = self.import_.created_at
        yield Moment("Created", before, "")
        points = (
            ("Started", self.import_.started_at),
            ("Completed", self.import_.completed_at),
            ("Interrupted", self.import_.interrupted_at),
        )
        for name, at in points:
            if at is not None:
                verb = "ran" if before == self.import_.started_at else "waited"
                yield Moment(name, at, f"{verb} {duration((at - before).total_seconds())}")
                before = at


def duration(seconds: float, units: int = 2) -> str:
    """`0.35 s`, `12 s`, `3 min 20 s`, `1 d 4 h`: the largest units, rounded down."""
    rest = max(0, timedelta(seconds=seconds).total_seconds())
    if rest < UNITS[-2][1] and units > 1:
        return f"{rest:.2f} s" if rest < 1 else f"{rest:.1f} s"
    parts: list[str] = []
    for unit, size in UNITS:
        count, rest = divmod(rest, size)
        if count or parts:
            parts.append(f"{count:.0f} {unit}")
    return " ".join(parts[:units]) or "0 s"
