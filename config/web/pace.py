"""How slow the other side may be."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

HEAD_SECONDS = 20.0  # for a request's line and headers, from the first moment
WINDOW_SECONDS = 30.0
WINDOW_BYTES = 30 * 1024  # that have to move in it


class TooSlow(Exception):
    """Less than 1 KiB/s moved over 30 s."""


class Pace:
    """Looks after one transfer. Only the time that is spent waiting for the other side counts.

    `moved` says how many bytes have passed so far.
    """

    def __init__(self, moved: Callable[[], int]) -> None:
        self._moved = moved
        self._begin()

    def _begin(self) -> None:
        self._mark = self._moved()
        self._left = WINDOW_SECONDS

    async def wait(self, step: Callable[[], Awaitable[T]]) -> T:
        """Its result. A step that can be begun anew is tried until too little moves: TooSlow."""
        while True:
            try:
                return await self._timed(step)
            except TimeoutError:
                if self._moved() - self._mark < WINDOW_BYTES:
                    raise TooSlow from None
                self._begin()

    async def _timed(self, step: Callable[[], Awaitable[T]]) -> T:
        began = time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, self._left)):
                return await step()
        finally:
            self._left -= time.monotonic() - began
