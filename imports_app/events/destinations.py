"""Check where a callback may go: to public addresses, and to those that a setting allows.

Only addresses count, however a URL writes them: every name is resolved, and so are numbers in any
notation, and the connection goes to an address that was checked, never to the name again.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from imports_app.conf import conf
from imports_app.exceptions import ImportsError

Address = IPv4Address | IPv6Address
PORTS = {"http": 80, "https": 443}
# Gateways that carry an IPv4 address in the last 32 bits: NAT64, and what IPv6 began with.
CARRIERS = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
LAST_32_BITS = 0xFFFF_FFFF


class Forbidden(ImportsError):
    """A callback may not go there; the message says why, and what was wrong."""


class Unresolvable(ImportsError):
    """The name doesn't resolve."""


@dataclass(frozen=True)
class Destination:
    """A parsed URL. `target` is what a request line asks for."""

    is_https: bool
    host: str
    port: int
    target: str

    @classmethod
    def of(cls, url: str) -> "Destination":
        """Parse the URL; raise Forbidden if it can't be called."""
        if not url.isprintable() or " " in url or "\\" in url:
            raise Forbidden("must be a URL without blanks, backslashes and control characters")
        try:
            parts = urlsplit(url)
            host, port = _ascii(parts.hostname or ""), parts.port
        except ValueError:
            raise Forbidden("must be a URL") from None
        if parts.scheme not in PORTS or not host:
            raise Forbidden("must begin with https:// or http:// and a host")
        if "%" in host:
            raise Forbidden("must have a host without %; zones of IPv6 addresses are not supported")
        if "@" in parts.netloc:
            raise Forbidden("must not have a user name or a password")
        if port == 0:
            raise Forbidden("must have a port from 1 to 65535")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if not target.isascii():
            raise Forbidden("must have other than ASCII characters percent-encoded")
        return cls(parts.scheme == "https", host, port or PORTS[parts.scheme], target)

    def addresses(self, seconds: float) -> list[Address]:
        """Return the addresses that the name resolves to now, all of them allowed.

        Raises Unresolvable, also when that takes longer, and Forbidden if one of them is not
        allowed: which one is connected to would be a matter of chance.
        """
        found = _resolved(self.host, self.port, seconds)
        for address in found:
            if not is_allowed(address):
                raise Forbidden(f"must lead to a public address, which {address} is not")
        return found


def check_destination(url: str, seconds: float = 2.0) -> None:
    """Raise Forbidden for a URL that can't be called. A name may begin to resolve later."""
    try:
        Destination.of(url).addresses(seconds)
    except Unresolvable:
        return


def is_allowed(address: Address) -> bool:
    """Return whether a callback may go to that address."""
    inner = _carried(address)
    networks = [ip_network(text.strip()) for text in conf.webhook_allowed if text.strip()]
    if any(inner.version == network.version and inner in network for network in networks):
        return True
    return inner.is_global and not (inner.is_multicast or inner.is_reserved)


def _carried(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(address, IPv4Address):
        return address
    carried = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
    if carried is None and any(address in network for network in CARRIERS):
        carried = IPv4Address(int(address) & LAST_32_BITS)
    return carried or address


def _ascii(host: str) -> str:
    return host if host.isascii() else host.encode("idna").decode()


def _resolved(host: str, port: int, seconds: float) -> list[Address]:
    """Resolve the name in a thread of its own: the system's resolver has no time limit."""
    answers: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_ask, args=(host, port, answers), daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        raise Unresolvable(f"the name {host} was not resolved within {seconds:g} s") from None
    if isinstance(answer, Exception):
        raise Unresolvable(f"the name {host} doesn't resolve")
    # A link-local address comes with a zone (fe80::1%eth0), which no network in the setting has.
    texts = dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in answer)
    return [ip_address(text) for text in texts]


def _ask(host: str, port: int, answers: "SimpleQueue[Any]") -> None:
    try:
        answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError) as error:
        answers.put(error)
