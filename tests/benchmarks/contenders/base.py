"""What a contender is, and the contest."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from tests.benchmarks import store
from tests.benchmarks.harness import Run, Seconds, timed
from tests.benchmarks.rows import Row, expected


class Contender(Protocol):
    """Gets rows into the table, by its own means."""

    def prepare(self, rows: Sequence[Row]) -> None:
        """Not timed: puts the rows into the form in which it is given them."""

    def run(self) -> Seconds | None:
        """Timed; it may measure itself, and return the seconds, where it knows better."""

    def check(self, rows: Sequence[Row]) -> None:
        """Not timed: whether its counts are right. The records are looked at by others."""


def contest(contender: Contender, before: Iterable[Row], rows: Sequence[Row]) -> Run:
    """One round: from these records to those that the rows make of them, which is checked."""
    before = list(before)

    def run() -> Seconds:
        store.reset(before)
        contender.prepare(rows)
        own: list[Seconds | None] = []
        seconds = timed(lambda: own.append(contender.run()))
        contender.check(rows)
        store.check(expected(before, rows))
        return own[0] or seconds

    return run
