"""Post to a receiver, within limits that it can't stretch.

The socket is ours: connected to an address that was checked, and shut when the time is over,
whatever the receiver drips. urllib3 speaks HTTP and TLS on it.
"""

import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from threading import Timer
from time import monotonic
from typing import Any, NamedTuple

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from imports_app.events.destinations import Address, Destination, Forbidden, Unresolvable

SECONDS = 5.0  # from the first step to the last byte that is read
CONNECT_SECONDS = 3.0
READ_BYTES = 1_024
SUCCESS = range(200, 300)


class Answer(NamedTuple):
    """A receiver's answer; without a code, the reason why there is none."""

    code: int | None
    message: str

    @property
    def is_success(self) -> bool:
        """Whether the receiver has taken the callback."""
        return self.code in SUCCESS


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send the body once. Redirects are answers like any other, and no failure."""
    end = monotonic() + SECONDS
    try:
        destination = Destination.of(url)
        opened = _connected(destination.addresses(_left(end)), destination.port, end)
        with opened, _shut_at(end, opened):
            answer = _asked(destination, opened, body, headers, end)
    except Forbidden as refusal:
        return Answer(None, f"not sent: the URL {refusal}")
    except Unresolvable as refusal:
        return Answer(None, f"not sent: {refusal}")
    except (OSError, HTTPError, HTTPException, ValueError) as error:
        late = monotonic() >= end or isinstance(error, TimeoutError)
        return _late() if late else Answer(None, _reason(error))
    return answer


def _asked(
    destination: Destination,
    opened: socket.socket,
    body: bytes,
    headers: Mapping[str, str],
    end: float,
) -> Answer:
    connection = _connection(destination, opened)
    try:
        connection.request("POST", destination.target, body, headers, preload_content=False)
        response = connection.getresponse()
        if monotonic() >= end:  # a head that was cut off then looks like a whole one
            return _late()
        return Answer(response.status, _beginning(response))
    finally:
        connection.close()


def _beginning(response: HTTPResponse) -> str:
    """Return the beginning of the answer's body; empty if it is cut off."""
    try:
        text = response.read(READ_BYTES, decode_content=False)
    except (OSError, HTTPError, HTTPException):
        return ""
    return text.decode(errors="replace").replace("\0", "\ufffd")


def _late() -> Answer:
    return Answer(None, f"no answer within {SECONDS:g} s")


def _connection(destination: Destination, opened: socket.socket) -> HTTPConnection:
    if not destination.is_https:
        return _Plain(destination.host, destination.port, opened=opened)
    context = ssl.create_default_context()  # verifies against the URL's name
    return _Tls(destination.host, destination.port, opened=opened, ssl_context=context)


class _Plain(HTTPConnection):
    """A connection on an open socket; urllib3 itself would resolve the name once more."""

    def __init__(self, *args: Any, opened: socket.socket, **options: Any) -> None:
        super().__init__(*args, **options)
        self._opened = opened

    def _new_conn(self) -> socket.socket:
        return self._opened


class _Tls(HTTPSConnection):
    """The same connection with TLS."""

    def __init__(self, *args: Any, opened: socket.socket, **options: Any) -> None:
        super().__init__(*args, **options)
        self._opened = opened

    def _new_conn(self) -> socket.socket:
        return self._opened


def _connected(addresses: Sequence[Address], port: int, end: float) -> socket.socket:
    """Connect to the first address that answers."""
    until = min(end, monotonic() + CONNECT_SECONDS)
    *others, last = addresses
    for address in others:
        try:
            return socket.create_connection((str(address), port), _left(until) / len(addresses))
        except OSError:
            continue
    return socket.create_connection((str(last), port), _left(until))


@contextmanager
def _shut_at(end: float, opened: socket.socket) -> Iterator[None]:
    """Shut the connection when the time is over, whoever waits for whatever on it.

    By a handle of our own, for TLS takes the socket over.
    """
    opened.settimeout(SECONDS)
    handle = opened.dup()
    timer = Timer(_left(end), _shut, [handle])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        handle.close()


def _shut(handle: socket.socket) -> None:
    try:
        handle.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was faster


def _left(end: float) -> float:
    return max(end - monotonic(), 0.001)


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or error}"
    return f"no answer: {getattr(error, 'strerror', None) or str(error) or type(error).__name__}"
