"""Keeps anybody from guessing secrets and passwords.

Failures count for each address, and for each name from it. A name alone is never locked, or anybody
could lock out its owner: from a place that guessed nothing a right secret is never refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from threading import BoundedSemaphore
from time import time
from typing import Any

from django.utils.crypto import salted_hmac
from rest_framework.throttling import BaseThrottle

from imports_app.conf import conf
from imports_app.exceptions import ImportsError
from imports_app.limits.counters import counter

IPV6_NETWORK = 64  # bits; whoever has one address has all of these

# Passwords are hashed slowly on purpose, and by the processor alone.
HASHES = 2  # at a time in a process
WAITING = 3  # besides; a process has threads for others, too
WAIT_SECONDS = 10.0


class TooManyFailures(ImportsError):
    """There were too many failures from this address.

    Attributes:
        seconds: until they are forgotten.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(f"There were too many failures: try again in {seconds} seconds.")
        self.seconds = seconds


class Busy(ImportsError):
    """Too many are signing in at this moment: try again in a few seconds."""


@dataclass(frozen=True)
class Attempt:
    """Somebody who shows a secret for a name, in the window of time at hand."""

    name: str
    address: str
    window: int
    seconds: int

    @property
    def is_clean(self) -> bool:
        """Whether nothing failed from that address."""
        return not self._count(self.address)

    @property
    def is_for_a_target(self) -> bool:
        """Whether the name is being guessed at, from wherever."""
        return bool(self._count(self.name) >= conf.sign_in_failures)

    def failed(self) -> None:
        """Count that the secret was wrong."""
        for bucket in (self._pair, self.address, self.name):
            counter().add(_bucket(bucket), self.window, self.seconds)

    def check(self) -> None:
        """Raise TooManyFailures."""
        if (
            self._count(self._pair) >= conf.sign_in_name_failures
            or self._count(self.address) >= conf.sign_in_failures
        ):
            raise TooManyFailures(int((self.window + 1) * self.seconds - time()) + 1)

    @property
    def _pair(self) -> str:
        return f"{self.address} {self.name}"

    def _count(self, bucket: str) -> int:
        return counter().read(_bucket(bucket), self.window)


def attempt(request: Any, kind: str, name: str) -> Attempt:
    """To be made before the secret is looked at. Raises TooManyFailures instead of letting it be.

    `kind` is what the name is one of; `request` is Django's or the REST framework's.
    """
    seconds = conf.sign_in_failure_seconds
    window = int(time() // seconds)
    made = Attempt(f"{kind}:{name}", f"address:{_address(request)}", window, seconds)
    made.check()
    return made


_hashing = BoundedSemaphore(HASHES)
_for_targets = BoundedSemaphore(1)
_present = BoundedSemaphore(HASHES + WAITING)


@contextmanager
def hashing(made: Attempt) -> Iterator[None]:
    """Around the check of a password. Raises Busy.

    Whoever comes from a clean place waits for a turn; others are sent away if there is none. Those
    who ask for a name that is guessed at take their turns one after the other.
    """
    wait = WAIT_SECONDS if made.is_clean else 0
    with _turn(_present, 0):
        if made.is_for_a_target:
            with _turn(_for_targets, wait), _turn(_hashing, wait):
                yield
        else:
            with _turn(_hashing, wait):
                yield


@contextmanager
def _turn(places: BoundedSemaphore, wait: float) -> Iterator[None]:
    if not places.acquire(timeout=wait):
        raise Busy
    try:
        yield
    finally:
        places.release()


def _bucket(text: str) -> str:
    """Keyed, so that nobody can choose a name that shares somebody else's; 64 bits of it."""
    return f"guesses:{salted_hmac(__name__, text, algorithm='sha256').hexdigest()[:16]}"


def _address(request: Any) -> str:
    """Return where the request is from, by as many proxies as REST_FRAMEWORK["NUM_PROXIES"]
    trusts.
    """
    text = str(BaseThrottle().get_ident(request))
    try:
        address = ip_address(text)
    except ValueError:  # a Unix socket has none
        return text
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, IPV6_NETWORK), strict=False))
    return text
