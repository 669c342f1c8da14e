"""Charts as SVG, drawn on the server without scripts, with a summary for screen readers."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

BAR, GAP, HEIGHT = 5, 1, 120
HOURS_A_TICK = 4


class Bar(NamedTuple):
    """One bar: where it stands, how high it is, and a title that says what it means."""

    x: int
    y: float
    height: float
    title: str


class Tick(NamedTuple):
    """A time below the bars. Its place is a percentage of the width."""

    percent: float
    label: str


class Bars:
    """Values over time. Each stands for a time span of the same length."""

    def __init__(self, since: datetime, span: timedelta, values: Sequence[float]) -> None:
        self.since = since
        self.span = span
        self.values = values
        self.height = HEIGHT
        self.width = len(values) * (BAR + GAP)

    @property
    def most(self) -> float:
        """The highest value."""
        return max(self.values, default=0)

    @property
    def summary(self) -> str:
        """The chart in words."""
        if not self.most:
            return "no rows in the last day"
        at = self._time(self.values.index(self.most))
        mean = sum(self.values) / len(self.values)
        return f"at most {self.most:,.0f} at {at:%H:%M} UTC, {mean:,.0f} on average"

    def bars(self) -> Iterator[Bar]:
        """Yield the bars of values above zero, each high enough to be seen."""
        for number, value in enumerate(self.values):
            if value:
                height = max(1.5, HEIGHT * value / self.most)
                title = f"{self._time(number):%H:%M} UTC: {value:,.0f} rows per minute"
                yield Bar(number * (BAR + GAP), HEIGHT - height, height, title)

    def ticks(self) -> Iterator[Tick]:
        """Yield a tick for every few hours."""
        whole = self.span * len(self.values)
        hour = self.since.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        while hour <= self.since + whole:
            if hour.hour % HOURS_A_TICK == 0:
                yield Tick(round(100 * ((hour - self.since) / whole), 2), f"{hour:%H:%M}")
            hour += timedelta(hours=1)

    def _time(self, number: int) -> datetime:
        return self.since + number * self.span
