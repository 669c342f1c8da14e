"""Faults at chosen statements of this thread's connection."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, Literal
from unittest import mock

import psycopg
from django.db import connections

When = Literal["before", "after"]
Point = tuple[int, When]


class Death(BaseException):
    """The process is gone: no handler of an Exception gets a word in any more."""


class Fault:
    """Raises at the statements that `hits` picks, by their number from 1; a COMMIT is one too.

    Attributes:
        seen: how many statements there were so far.
        within: the numbers of those that were in a transaction, which they neither began nor ended.
        raised: how often the fault came.
    """

    def __init__(
        self, error: Callable[[], BaseException], hits: Callable[[int], bool], when: When
    ) -> None:
        self.error = error
        self.hits = hits
        self.when = when
        self.seen = self.raised = 0
        self.within: set[int] = set()

    def around(self, run: Callable[[], Any], undo: Callable[[], None] = lambda: None) -> Any:
        self.seen += 1
        if connections["default"].in_atomic_block:
            self.within.add(self.seen)
        hit = self.hits(self.seen)
        self.raised += hit
        if hit and self.when == "before":
            undo()
            raise self.error()
        result = run()
        if hit:
            raise self.error()
        return result


@contextmanager
def fault(
    error: Callable[[], BaseException],
    *,
    when: When = "before",
    at: int | None = None,
    hits: Callable[[int], bool] = lambda _: False,
) -> Iterator[Fault]:
    """The fault comes at the statement of number `at`, or at all that `hits` picks."""
    made = Fault(error, hits if at is None else at.__eq__, when)
    real: Any = connections["default"]
    commit, rollback, copy = real._commit, real._rollback, psycopg.Cursor.copy

    def committing() -> None:
        made.around(commit, rollback)

    def execute(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        return made.around(lambda: run(sql, *rest))

    @contextmanager
    def copying(cursor: Any, *arguments: Any) -> Iterator[psycopg.Copy]:
        """A fault after it comes once it has begun, with no row copied."""
        with ExitStack() as begun:
            copies: AbstractContextManager[psycopg.Copy] = copy(cursor, *arguments)
            yield made.around(lambda: begun.enter_context(copies))

    with (
        real.execute_wrapper(execute),
        # No wrapper sees a COMMIT or a COPY; without a COMMIT the server rolls back.
        mock.patch.object(real, "_commit", committing),
        mock.patch.object(psycopg.Cursor, "copy", copying),
    ):
        yield made
