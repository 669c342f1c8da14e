"""How slow a client may be."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

HEAD_SECONDS = 20.0  # for a request's line and headers
WINDOW_SECONDS = 30.0
WINDOW_BYTES = 30 * 1024  # that have to move within the window
AT_ONCE = 128 * 1024  # bytes that a client's kernel may take before the client reads them


class TooSlow(Exception):
    """Less than 1 KiB/s moved over 30 s."""


class Pace:
    """Limits how slow one transfer may be. Only time spent waiting for the client counts.

    `moved` returns how many bytes have passed so far. A kernel may acknowledge at once what its
    process takes minutes to read, and then nothing until much of it is read. So the bytes that one
    window has to spare count for the next one, up to `at_once`.
    """

    def __init__(self, moved: Callable[[], int], *, at_once: int = 0) -> None:
        self._moved = moved
        self._at_once = at_once
        self._begin(0)

    def _begin(self, spare: int) -> None:
        self._mark = self._moved() - spare
        self._left = WINDOW_SECONDS

    async def wait(self, step: Callable[[], Awaitable[T]]) -> T:
        """Return the result of the step. Raise TooSlow if too little moves in a window.

        The step is cancelled and begun anew at the end of each window.
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
