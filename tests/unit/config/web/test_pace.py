import asyncio

import pytest

from config.web import pace
from config.web.pace import WINDOW_BYTES, Pace, TooSlow


@pytest.fixture(autouse=True)
def _short_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "WINDOW_SECONDS", 0.05)


class Transfer:
    """Moves so much each time it has been waited for; ready after so many times."""

    def __init__(self, bytes_a_time: int, times: int) -> None:
        self.moved = 0
        self._bytes = bytes_a_time
        self._times = times

    async def step(self) -> str:
        self._times -= 1
        if self._times < 0:
            return "done"
        self.moved += self._bytes
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")


def waited_for(transfer: Transfer, *, at_once: int = 0) -> str:
    return asyncio.run(Pace(lambda: transfer.moved, at_once=at_once).wait(transfer.step))


class Burst(Transfer):
    """Moves all at the beginning."""

    async def step(self) -> str:
        try:
            return await super().step()
        finally:
            self._bytes = 0


def test_a_transfer_that_moves_enough_in_each_window_goes_on() -> None:
    assert waited_for(Transfer(WINDOW_BYTES, times=4)) == "done"


def test_a_transfer_that_moves_too_little_in_one_window_is_given_up() -> None:
    with pytest.raises(TooSlow):
        waited_for(Transfer(WINDOW_BYTES - 1, times=4))


def test_bytes_that_a_kernel_took_at_once_count_for_later_windows() -> None:
    burst = Burst(3 * WINDOW_BYTES, times=3)
    assert waited_for(burst, at_once=2 * WINDOW_BYTES) == "done"


def test_bytes_beyond_what_a_kernel_takes_count_for_no_later_window() -> None:
    with pytest.raises(TooSlow):
        waited_for(Burst(9 * WINDOW_BYTES, times=4), at_once=2 * WINDOW_BYTES)


def test_a_body_that_came_at_once_counts_for_one_window() -> None:
    with pytest.raises(TooSlow):
        waited_for(Burst(9 * WINDOW_BYTES, times=2))


def test_single_bytes_do_not_begin_a_new_window() -> None:
    moved = 0

    async def drip() -> None:
        nonlocal moved
        moved += 1
        await asyncio.sleep(0.01)

    async def drips() -> None:
        watched = Pace(lambda: moved)
        for _ in range(1_000):
            await watched.wait(drip)

    with pytest.raises(TooSlow):
        asyncio.run(drips())
    assert moved < 100
