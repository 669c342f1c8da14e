"""How slow the other side may be."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

HEAD_SECONDS = 20.0  # for a request's line and headers, from the first moment
WINDOW_SECONDS = 30.0
WINDOW_BYTES = 30 * 1024  # that have to move in it
AT_ONCE = 128 * 1024  # bytes that a reader's kernel may take before the reader does


class TooSlow(Exception):
    """Less than 1 KiB/s moved over 30 s."""


class Pace:
    """Looks after one transfer. Only the time that is spent waiting for the other side counts.

    `moved` says how many bytes have passed so far. A kernel acknowledges at once what its process
    reads in minutes, and then nothing until much of it is read: what one window has more than it
    needs is the next one's, up to `at_once` bytes.
    """

    def __init__(self, moved: Callable[[], int], *, at_once: int = 0) -> None:
        self._moved = moved
        self._at_once = at_once
        self._begin(0)

    def _begin(self, spare: int) -> None:
        self._mark = self._moved() - spare
        self._left = WINDOW_SECONDS

    async def wait(self, step: Callable[[], Awaitable[T]]) -> T:
        """Return the result of the step.

        A step that can be begun anew is tried until too little moves. Raise TooSlow then.
        """
        while True:
            try:
                return await self._timed(step)
            except TimeoutError:
                spare = self._moved() - self._mark - WINDOW_BYTES
                if spare < 0:
                    raise TooSlow from None
                self._begin(min(spare, self._at_once))

    async def _timed(self, step: Callable[[], Awaitable[T]]) -> T:
        began = time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, self._left)):
                return await step()
        finally:
            self._left -= time.monotonic() - began
