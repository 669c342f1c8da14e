"""Interleaved timing, and the lines that come of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

Seconds = float
Run = Callable[[], Seconds]  # does what has to be there, then times what is measured


class Stopwatch:
    """Use it around what is measured; `seconds` is the time that passed inside."""

    seconds: Seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Counts the time until the block ends, on top of what was counted before."""
        start = perf_counter()
        yield
        self.seconds += perf_counter() - start


def timed(work: Callable[[], object]) -> Seconds:
    """How long it takes."""
    watch = Stopwatch()
    with watch.running():
        work()
    return watch.seconds


def interleaved(rounds: int, runs: Mapping[str, Run]) -> dict[str, list[Seconds]]:
    """Each run's seconds, round by round. Every other round goes backwards, so that none always
    profits from what the one before it left.
    """
    samples: dict[str, list[Seconds]] = {name: [] for name in runs}
    for number in range(rounds):
        names = list(runs)
        for name in names if number % 2 == 0 else reversed(names):
            samples[name].append(runs[name]())
    return samples


@dataclass(frozen=True)
class Target:
    """What a ratio has to be at least, or at most."""

    bound: float
    at_least: bool

    def met_by(self, ratio: float) -> bool:
        return ratio >= self.bound if self.at_least else ratio <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


def at_least(bound: float) -> Target:
    return Target(bound, at_least=True)


def at_most(bound: float) -> Target:
    return Target(bound, at_least=False)


@dataclass(frozen=True)
class Line:
    """One line of the table.

    Attributes:
        ours, reference: in `unit`.
        ratio: ours to the reference, unless the target is about something else.
        samples: what each round gave, by contender.
    """

    name: str
    ours: float
    reference: float
    unit: str
    ratio: float
    target: Target | None = None
    rows: int | None = None
    samples: dict[str, list[float]] = field(default_factory=dict)

    def as_json(self, backend: str) -> dict[str, object]:
        """As the results file has it, and the table shows it."""
        met = None if self.target is None else self.target.met_by(self.ratio)
        target = None if self.target is None else str(self.target)
        return {**vars(self), "backend": backend, "target": target, "met": met}


def rates(
    name: str,
    samples: Mapping[str, list[Seconds]],
    *,
    rows: int,
    reference_rows: int | None = None,
    target: Target | None = None,
) -> Line:
    """Rows per second of the first of two contenders to those of the second, by the medians.

    `reference_rows` is for a second one that was given fewer rows.
    """
    seconds, reference_seconds = (median(each) for each in samples.values())
    ours, reference = rows / seconds, (reference_rows or rows) / reference_seconds
    return Line(name, ours, reference, "rows/s", ours / reference, target, rows, {**samples})


def times(
    name: str,
    samples: Mapping[str, list[Seconds]],
    *,
    target: Target | None = None,
    rows: int | None = None,
) -> Line:
    """Time of the first of two contenders to that of the second, by the medians."""
    ours, reference = (1_000 * median(each) for each in samples.values())
    return Line(name, ours, reference, "ms", ours / reference, target, rows, {**samples})
