"""Whose request is answered next when more wait than there are threads."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Hashable


class Turns:
    """Places, as many as may be taken at a time. To be used in one event loop.

    Those that wait are in queues, by key, of which each has a turn in turn: fifty that ask for the
    same delay what asks for something else by one of them, not by fifty.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._queues: OrderedDict[Hashable, deque[asyncio.Future[None]]] = OrderedDict()

    async def take(self, key: Hashable) -> None:
        """Return once there is a place; `give` has to follow."""
        if self._free:
            self._free -= 1
            return
        place = asyncio.get_running_loop().create_future()
        self._queues.setdefault(key, deque()).append(place)
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():  # it had come meanwhile
                self.give()
            raise

    def give(self) -> None:
        """Give the place back, or on to whoever is next."""
        while self._queues:
            key, queue = self._queues.popitem(last=False)
            place = queue.popleft()
            if queue:
                self._queues[key] = queue
            if not place.done():
                place.set_result(None)
                return
        self._free += 1
