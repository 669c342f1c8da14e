"""Keeps anybody from guessing the secrets of clients: after some failures it is not even tried."""

from collections.abc import Iterator
from contextlib import contextmanager

from rest_framework.request import Request

from imports_app.api.errors import standard_error
from imports_app.limits.guessing import TooManyFailures, attempt
from imports_app.oauth.errors import TokenRefused


@contextmanager
def guarded(request: Request, client_id: str) -> Iterator[None]:
    """Goes around the check of a secret. Raises a 429 instead of it after too many failures;
    counts one.
    """
    try:
        made = attempt(request, "client", client_id)
    except TooManyFailures as reason:
        headers = {"Retry-After": str(reason.seconds)}
        raise standard_error(429, str(reason), headers=headers) from reason
    try:
        yield
    except TokenRefused as refusal:
        if refusal.error == "invalid_client":
            made.failed()
        raise
