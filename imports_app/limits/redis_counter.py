"""A counter that all web processes share; needs the extra `redis`."""

import logging
from collections.abc import Callable

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from imports_app.conf import conf
from imports_app.limits.memory import MemoryCounter
from imports_app.outages.breaker import Breaker

logger = logging.getLogger(__name__)

PATIENCE = 0.25  # seconds that a request waits for Redis
PAUSE = 5.0  # seconds for which nobody asks a Redis that didn't answer; then one does


class RedisCounter:
    """Counts in Redis, in one round trip. While that is away each process counts by itself: no
    request fails for it, and no flood comes through.
    """

    def __init__(self, url: str) -> None:
        self._redis: Redis = Redis.from_url(
            url,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 1),  # a connection may have gone stale
        )
        self._own = MemoryCounter()
        self._breaker = Breaker(PAUSE)

    def add(self, name: str, window: int, seconds: int) -> int:
        """See Counter."""
        key = _key(name, window)

        def ask() -> int:
            with self._redis.pipeline(transaction=False) as pipeline:
                pipeline.incr(key)
                pipeline.expire(key, 2 * seconds)  # hosts' clocks differ a little
                return int(pipeline.execute()[0])

        return self._asked(ask, lambda: self._own.add(name, window, seconds))

    def read(self, name: str, window: int) -> int:
        """See Counter."""
        return self._asked(
            lambda: int(self._redis.get(_key(name, window)) or 0),
            lambda: self._own.read(name, window),
        )

    def _asked(self, ask: Callable[[], int], instead: Callable[[], int]) -> int:
        if not self._breaker.admits():
            return instead()
        try:
            count = ask()
        except (RedisError, OSError, ValueError) as error:
            self._breaker.failed()
            logger.warning(
                "Redis can't count requests, so each process counts for itself: %s", error
            )
            return instead()
        self._breaker.answered()
        return count


def _key(name: str, window: int) -> str:
    return f"{conf.rate_redis_prefix}:{name}:{window}"
