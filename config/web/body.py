"""A request's body on its way to the application."""

import asyncio
from typing import Any, NoReturn

import h11
from django.core.exceptions import RequestDataTooBig

from config.web.gate import STRANGERS, Gate
from config.web.pace import Pace
from config.web.refusals import Refused
from config.web.spool import Spool, SpoolFull
from config.web.wire import Wire
from imports_app.conf import conf
from imports_app.telemetry.logs import throttled

MIN_WEIGHT = 64  # bytes that any piece counts for, at least: small ones cost as much to read
TURN = 64  # pieces, after which other requests have their turn
LARGE = 8 * 1024 * 1024  # bytes; few requests at a time may have more in memory


class Withheld:
    """The body of a request that may not send one so large: reading it leads to a 413."""

    def read(self, *_: object) -> NoReturn:
        raise RequestDataTooBig("The body is too large here.")

    readline = read


class Body:
    """Receives one request's body.

    Anybody may send up to STRANGERS bytes. Before more is kept, the gate checks the token and its
    scope, or the session. If it refuses, nothing more is read, and the application says why.

    Attributes:
        is_large: whether it may take much memory once it is parsed.
        is_withheld: whether it was refused.
    """

    def __init__(self, spool: Spool, gate: Gate, environ: dict[str, Any]) -> None:
        self._spool = spool
        self._gate = gate
        self._environ = environ
        self._size = 0
        self._pieces = 0
        self._weight = 0
        self._allowed = STRANGERS
        self.is_large = self.is_withheld = False

    async def receive(self, wire: Wire) -> None:
        """Put the body into the WSGI environment once it is complete, or withheld."""
        pace = Pace(lambda: wire.received)
        declared = int(self._environ.get("CONTENT_LENGTH") or 0)
        if await self._may_grow(declared, declared) and await self._receive_all(wire, pace):
            self._spool.file.seek(0)
            self._hand_over(self._spool.file, self._size)
        else:
            self.is_withheld = True
            self._hand_over(Withheld(), max(declared, self._size))
        is_packed = "HTTP_CONTENT_ENCODING" in self._environ
        is_large = self._size > LARGE or (is_packed and self._size > 0)
        # Files, which may be larger than any document, are read in flat memory.
        is_file = self._allowed > conf.max_request_bytes
        self.is_large = is_large and not self.is_withheld and not is_file

    def _hand_over(self, stream: object, size: int) -> None:
        self._environ["wsgi.input"] = stream
        self._environ["CONTENT_LENGTH"] = str(size) if size else ""

    async def _receive_all(self, wire: Wire, pace: Pace) -> bool:
        """Return False as soon as the body is too large."""
        await wire.send_continue(pace)
        while isinstance(event := await wire.body_event(pace), h11.Data):
            self._count(len(event.data))
            if not await self._may_grow(self._size, self._weight):
                return False
            self._write(bytes(event.data))
            if self._pieces % TURN == 0:
                await asyncio.sleep(0)
        return True

    def _count(self, size: int) -> None:
        self._pieces += 1
        self._size += size
        self._weight += max(size, MIN_WEIGHT)

    async def _may_grow(self, size: int, weight: int) -> bool:
        """Return whether the body may have this size.

        A stranger's pieces are weighed: millions of them would be expensive, however small.
        """
        if weight > self._allowed == STRANGERS:
            self._allowed = await self._gate.allowed(self._environ)
        return (weight if self._allowed == STRANGERS else size) <= self._allowed

    def _write(self, data: bytes) -> None:
        try:
            self._spool.write(data)
        except SpoolFull:
            raise Refused(507, "Too many bodies are on their way; send it again later.") from None
        except OSError as error:
            throttled.warning("A body can't be kept: %r", error)
            raise Refused(507, f"The body can't be kept ({error.strerror}).") from None
