"""How often something happened in the window of time at hand, known to every web process."""

from functools import cache
from typing import Protocol

from imports_app.conf import conf
from imports_app.limits.memory import MemoryCounter


class Counter(Protocol):
    """Windows of one name have numbers that grow; a new one starts from 0."""

    def add(self, name: str, window: int, seconds: int) -> int:
        """Count once more, and return the count; a window lasts so many seconds."""
        ...

    def read(self, name: str, window: int) -> int:
        """Return the count."""
        ...


def counter() -> Counter:
    """Return the one for the settings that hold now."""
    return _counter(conf.rate_redis_url)


@cache
def _counter(url: str) -> Counter:
    if not url:
        return MemoryCounter()
    from imports_app.limits.redis_counter import RedisCounter  # noqa: PLC0415  (by an extra)

    return RedisCounter(url)
