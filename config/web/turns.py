"""Decides whose request is answered next when more wait than there are threads."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Hashable


class Turns:
    """A fair semaphore with as many places as threads. Belongs to one event loop.

    Requests wait in one queue for each key, and the queues take turns: fifty requests with one key
    delay a request with another key by one of them, not by fifty.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._queues: OrderedDict[Hashable, deque[asyncio.Future[None]]] = OrderedDict()

    async def take(self, key: Hashable) -> None:
        """Return once there is a place, which `give` has to free."""
        if self._free:
            self._free -= 1
            return
        place = asyncio.get_running_loop().create_future()
        self._queues.setdefault(key, deque()).append(place)
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():  # the place was given meanwhile
                self.give()
            raise

    def give(self) -> None:
        """Free the place, or pass it on to whoever is next."""
        while self._queues:
            key, queue = self._queues.popitem(last=False)
            place = queue.popleft()
            if queue:
                self._queues[key] = queue
            if not place.done():
                place.set_result(None)
                return
        self._free += 1
