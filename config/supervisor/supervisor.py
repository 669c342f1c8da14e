"""Keeps the processes alive until a signal says to stop."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from itertools import chain
from types import FrameType, TracebackType
from typing import Self

from config.supervisor.children import Child

logger = logging.getLogger("supervisor")

TICK_SECONDS = 0.1
LATE_SECONDS = 5.0  # after a longer gap between two ticks, no silence is held against a child
STOP_SECONDS = 20.0  # a worker may have to finish a slice of an import


class Stopped(Exception):
    """A signal told the service to end."""


class Supervisor:
    """A context in which the children run; on the way out, all of them are ended.

    They come in stages: those of a later one need those of the earlier ones, and end before them.
    Nothing happens in the background: while the caller waits for something, it waits here.
    """

    def __init__(self, stages: Sequence[Sequence[Child]]) -> None:
        self._stages = stages
        self._stop = threading.Event()
        self._ticked_at = time.monotonic()

    def __enter__(self) -> Self:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> bool:
        for stage in reversed(self._stages):
            _end(stage)
        return kind is Stopped

    def wait_for(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Tend the children until the condition holds. Return False after `seconds` without it."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                return False
            self._tick()
        return True

    def serve(self) -> None:
        """Tend the children until a signal comes, which raises Stopped."""
        while True:
            self._tick()

    def _tick(self) -> None:
        late = time.monotonic() - self._ticked_at > LATE_SECONDS
        for child in chain.from_iterable(self._stages):
            if late:  # the machine slept, or is overloaded
                child.wait_anew()
            child.tend()
        self._ticked_at = time.monotonic()
        if self._stop.wait(TICK_SECONDS):
            raise Stopped

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        logger.info("%s: ending.", signal.Signals(number).name)
        self._stop.set()


def _end(children: Sequence[Child]) -> None:
    """Ask them all to end, and kill those that still run after STOP_SECONDS."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    while not all(child.ended() for child in children) and time.monotonic() < deadline:
        time.sleep(TICK_SECONDS)
    for child in children:
        child.kill()
