"""Keeps anybody from guessing the secrets of clients: after some failures it is not even tried."""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address, ip_network

from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from imports_app.api.counters import counter
from imports_app.api.oauth.errors import TokenRefused
from imports_app.api.throttling import Window
from imports_app.conf import conf

IPV6_NETWORK = 64  # bits; whoever has one address has all of these


@contextmanager
def guarded(request: Request, client_id: str) -> Iterator[None]:
    """Goes around the check of a secret. Raises a 429 instead of it when the client_id, or the
    address, has had too many that were wrong; counts one that is.
    """
    window = Window.now(conf.token_failure_seconds)
    names = [_bucket("address", _address(request)), _bucket("client", client_id)]
    if any(counter().read(name, window.number) >= conf.token_failures for name in names):
        raise window.refusal("There were too many wrong secrets: try again later.")
    try:
        yield
    except TokenRefused as refusal:
        if refusal.error == "invalid_client":
            for name in names:
                counter().add(name, window.number, window.seconds)
        raise


def _bucket(kind: str, value: str) -> str:
    """One of 65,536 a kind: a flood of names costs no memory. Keyed, so that nobody can choose a
    name that shares somebody else's.
    """
    return f"guesses:{kind}:{salted_hmac(__name__, value, algorithm='sha256').hexdigest()[:4]}"


def _address(request: Request) -> str:
    """Where the request is from, by as many proxies as REST_FRAMEWORK["NUM_PROXIES"] trusts."""
    text = str(BaseThrottle().get_ident(request))
    try:
        address = ip_address(text)
    except ValueError:  # a Unix socket has none
        return text
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, IPV6_NETWORK), strict=False))
    return text
