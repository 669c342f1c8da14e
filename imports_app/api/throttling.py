"""Limits how many requests a client may send, and how many active imports it may have."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from time import time
from types import MappingProxyType

from imports_app.api.errors import ApiError, standard_error
from imports_app.callers import Caller
from imports_app.conf import conf
from imports_app.limits.counters import counter


@dataclass(frozen=True)
class Window:
    """An interval in which something is counted. Windows of equal length start together.

    Attributes:
        seconds: its length.
        number: grows by one from each window to the next.
        left: seconds until the next window.
    """

    seconds: int
    number: int
    left: float

    @classmethod
    def now(cls, seconds: int) -> "Window":
        """Return the current window."""
        number, passed = divmod(time(), seconds)
        return cls(seconds, int(number), seconds - passed)

    def refusal(self, detail: str, headers: Mapping[str, str] = MappingProxyType({})) -> ApiError:
        """Return the 429 for a request that has to wait for the next window."""
        headers = {**headers, "Retry-After": str(math.ceil(self.left))}
        return standard_error(429, detail, headers=headers)


def count_request(caller: Caller) -> Mapping[str, str]:
    """Count a request of the caller, and return the rate headers.

    Called for each request, once its caller is known. Raises a 429 for one too many.
    """
    window = Window.now(conf.rate_seconds)
    limit = conf.rate_limit
    used = counter().add(f"requests:{caller.key}", window.number, window.seconds)
    rate = {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-interval": str(window.seconds),
        "x-ratelimit-remaining": str(max(0, limit - used)),
    }
    if used > limit:
        detail = f"There were more than {limit} requests in {window.seconds} seconds."
        raise window.refusal(detail, rate)
    return rate
