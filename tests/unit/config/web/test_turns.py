import asyncio
from collections.abc import Hashable

from config.web.turns import Turns


class Crowd:
    """Those that want a place.

    Attributes:
        served: their keys, in the order in which they got one.
    """

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self.served: list[Hashable] = []

    async def join(self, *keys: Hashable) -> list[asyncio.Task[None]]:
        """One for each key; all of them wait, or have a place, on return."""
        tasks = [asyncio.create_task(self._one(key)) for key in keys]
        await asyncio.sleep(0)
        return tasks

    async def _one(self, key: Hashable) -> None:
        await self._turns.take(key)
        self.served.append(key)


def test_no_more_places_are_taken_than_there_are() -> None:
    async def served() -> list[Hashable]:
        crowd = Crowd(Turns(2))
        waiting = (await crowd.join("a", "b", "c"))[2]
        waiting.cancel()
        return crowd.served

    assert asyncio.run(served()) == ["a", "b"]


def test_requests_with_one_key_delay_others_by_one_of_them() -> None:
    async def served() -> list[Hashable]:
        turns = Turns(1)
        crowd = Crowd(turns)
        tasks = await crowd.join("many", "many", "many", "many", "few", "few")
        for _ in tasks:
            turns.give()
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)
        return crowd.served

    assert asyncio.run(served()) == ["many", "many", "few", "many", "few", "many"]


def test_a_place_that_is_given_back_is_taken_again() -> None:
    async def served() -> list[Hashable]:
        turns = Turns(1)
        crowd = Crowd(turns)
        await asyncio.gather(*await crowd.join("a"))
        turns.give()
        await asyncio.gather(*await crowd.join("b"))
        return crowd.served

    assert asyncio.run(served()) == ["a", "b"]


def test_whoever_leaves_while_waiting_takes_no_place() -> None:
    async def served() -> list[Hashable]:
        turns = Turns(1)
        crowd = Crowd(turns)
        _, gone, last = await crowd.join("a", "gone", "last")
        gone.cancel()
        turns.give()
        await last
        return crowd.served

    assert asyncio.run(served()) == ["a", "last"]


def test_whoever_leaves_the_moment_a_place_comes_passes_it_on() -> None:
    async def served() -> list[Hashable]:
        turns = Turns(1)
        crowd = Crowd(turns)
        _, gone, last = await crowd.join("a", "gone", "last")
        turns.give()
        gone.cancel()
        await last
        return crowd.served

    assert asyncio.run(served()) == ["a", "last"]
