"""How much a client may ask for in a while."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from time import time

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from imports_app.api.errors import ApiError, standard_error
from imports_app.conf import conf
from imports_app.limits.counters import counter
from imports_app.models import ApiClient

RATE = "imports_app.rate"  # the place in a request's META


@dataclass(frozen=True)
class Window:
    """A stretch of time in which something is counted. All of a length start together.

    Attributes:
        seconds: its length.
        number: grows by one from each to the next.
        left: seconds until the next.
    """

    seconds: int
    number: int
    left: float

    @classmethod
    def now(cls, seconds: int) -> "Window":
        """The one at hand."""
        number, passed = divmod(time(), seconds)
        return cls(seconds, int(number), seconds - passed)

    def refusal(self, detail: str) -> ApiError:
        """The 429 for what has to wait for the next."""
        headers = {"Retry-After": str(math.ceil(self.left))}
        return standard_error(429, detail, headers=headers)


@dataclass(frozen=True)
class Rate:
    """What a client may ask for, and has asked for, in the window at hand."""

    limit: int
    seconds: int
    used: int

    def headers(self) -> dict[str, str]:
        """For every answer to that client."""
        return {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-interval": str(self.seconds),
            "x-ratelimit-remaining": str(max(0, self.limit - self.used)),
        }


def count_request(request: Request, client: ApiClient) -> None:
    """Called for each request, once it is known whose it is. Raises the 429 for one too many."""
    window = Window.now(conf.rate_seconds)
    used = counter().add(f"requests:{client.client_id}", window.number, window.seconds)
    rate = Rate(conf.rate_limit, window.seconds, used)
    request.META[RATE] = rate
    if used > rate.limit:
        detail = f"There were more than {rate.limit} requests in {rate.seconds} seconds."
        raise window.refusal(detail)


class RateHeaders:
    """Tells a client its rate with every answer, refusals and errors included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        rate: Rate | None = request.META.get(RATE)
        for name, value in rate.headers().items() if rate else ():
            response[name] = value
        return response
