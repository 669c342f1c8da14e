"""How long this process waits for a database server that may have hung.

The kernel of a frozen server goes on acknowledging what it gets, so no TCP timeout helps. Here the
clock runs from the last byte that came, so large answers may take as long as they need.
"""

from collections.abc import Callable, Generator
from threading import Lock
from time import monotonic
from typing import Any

import psycopg

from imports_app.outages.breaker import Breaker

CONNECT_SECONDS = 5.0
PROBE_SECONDS = 3.0
PAUSE_SECONDS = 5.0
# A server that has been silent to everybody for this long doesn't get the last free thread.
CROWD_SECONDS = 0.5
READY_TO_READ = 1  # the bit that the driver sets


class NoAnswer(psycopg.OperationalError):
    """The server did not answer in time, or it is too early to ask it again."""


class Patience:
    """How the waits of a process end.

    Attributes:
        seconds: the silence after which a wait is given up; None for no limit at all.
        threads: how many the process has for requests. As long as the server is silent to all of
            them, one is kept free for requests that need no database. None for no such rule.
    """

    def __init__(self) -> None:
        self.seconds: float | None = None
        self.threads: int | None = None
        self._breaker = Breaker(PAUSE_SECONDS)
        self._lock = Lock()
        self._waiting = 0
        self._silent_since = 0.0  # means nothing while nobody waits

    def watched(
        self, gen: Generator[Any, Any, Any], limit: float, is_alive: Callable[[], bool]
    ) -> Generator[Any, Any, Any]:
        """Wrap one of the driver's waits. Raise NoAnswer.

        After `limit` seconds without a byte, `is_alive` finds out whether the server answers
        anything at all.
        """
        probes = self._begin()
        limit = min(limit, PROBE_SECONDS) if probes else limit
        try:
            last = monotonic()
            ready = None
            while True:
                try:
                    wanted = next(gen) if ready is None else gen.send(ready)
                except StopIteration as end:
                    return end.value
                ready = yield wanted
                if ready:
                    last = monotonic()
                    if ready & READY_TO_READ:
                        self._note_answer()
                else:
                    self._check_silence(last, limit, is_alive, probes=probes)
        finally:
            gen.close()
            with self._lock:
                self._waiting -= 1

    def _begin(self) -> bool:
        """Register a wait. Return whether it is the one that probes if the server is back."""
        with self._lock:
            if self._is_crowded(self._waiting + 1):
                raise NoAnswer("the database doesn't answer the requests before this one")
            probes = self._breaker.is_open
            if not self._breaker.admits():
                raise NoAnswer("the database didn't answer a moment ago")
            if not self._waiting:
                self._silent_since = monotonic()
            self._waiting += 1
        return probes

    def _note_answer(self) -> None:
        self._silent_since = monotonic()
        if self._breaker.is_open:
            self._breaker.answered()

    def _check_silence(
        self, last: float, limit: float, is_alive: Callable[[], bool], *, probes: bool
    ) -> None:
        if self._breaker.is_open and not probes:
            raise NoAnswer("the database didn't answer another request")
        if self._is_crowded(self._waiting):
            raise NoAnswer("the database answers none of the requests")
        if monotonic() - last < limit:
            return
        if not is_alive():
            self._breaker.failed()
        raise NoAnswer(f"the database didn't answer in {limit:.0f} s")

    def _is_crowded(self, waiting: int) -> bool:
        """Return whether too many wait for a silent server for any thread to be left."""
        if self.threads is None or waiting < max(self.threads, 2):
            return False
        return monotonic() - self._silent_since >= CROWD_SECONDS


patience = Patience()
