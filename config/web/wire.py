"""HTTP on one client's socket: events in, events out, within limits of time."""

import asyncio
import contextlib
import fcntl
import socket
import struct
import termios
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import h11

from config.web.pace import HEAD_SECONDS, Pace
from config.web.refusals import Refused

PIECE = 64 * 1024  # bytes that are read or written at a time
MAX_HEAD = 32 * 1024  # bytes of a request's line and headers
MAX_TARGET = 8_190  # bytes; filters can be long
LINGER_SECONDS = 60.0  # for what a refused client is still sending
LINGER_BYTES = 256 * 1024 * 1024
POLL_SECONDS = 0.5  # between two checks whether all has arrived: the kernel doesn't tell
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: on, for no time

Event = h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]


class Wire:
    """Reads and writes h11's events.

    Attributes:
        received: the number of bytes so far.
        is_bodiless: whether the request in hand is a HEAD, whose answer has no body.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)
        self._socket = writer.get_extra_info("socket")
        self._sent = 0
        self.received = 0
        self.is_bodiless = False
        # `drain` returns once the kernel has all: a slow reader leaves no more than one piece here.
        writer.transport.set_write_buffer_limits(high=0)

    async def head(self, pace: Pace) -> h11.Request | None:
        """Return the next request's head; None if the client is gone or sends nothing.

        Raises Refused, TooSlow.
        """
        self.is_bodiless = False
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                event = await self._head(pace)
        except TimeoutError:
            if self._http.trailing_data[0]:
                raise Refused(408, "The request was not complete in time.") from None
            return None
        return event if isinstance(event, h11.Request) else None

    async def _head(self, pace: Pace) -> Event:
        try:
            event = await self._event(lambda: self._read_while_arriving(pace))
        except h11.RemoteProtocolError as error:
            raise self._refused(error) from None
        if isinstance(event, h11.Request):
            self.is_bodiless = event.method == b"HEAD"
            _check(event)
        return event

    async def body_event(self, pace: Pace) -> Event:
        """Return the next part of the body. Raise TooSlow, Refused, ConnectionError."""
        try:
            return await self._event(lambda: pace.wait(self._read))
        except h11.RemoteProtocolError:
            if self._reader.at_eof():
                raise ConnectionResetError from None
            raise Refused(400, "The body's framing is not HTTP.") from None

    async def send(self, pace: Pace, *events: h11.Event) -> None:
        """Send the events; return once the kernel has them. Raise TooSlow, ConnectionError."""
        data = b"".join(filter(None, map(self._http.send, events)))
        self._sent += len(data)
        self._writer.write(data)
        await pace.wait(self._writer.drain)

    async def send_continue(self, pace: Pace) -> None:
        """Tell a client that asked for it (`Expect: 100-continue`) to send its body."""
        if self._http.they_are_waiting_for_100_continue:
            await self.send(pace, CONTINUE)

    def acknowledged(self) -> int:
        """Return how many bytes have arrived at the client, as far as the kernel knows."""
        waiting = self._writer.transport.get_write_buffer_size()
        with contextlib.suppress(OSError, ValueError):
            packed = fcntl.ioctl(self._socket.fileno(), termios.TIOCOUTQ, struct.pack("i", 0))
            waiting += struct.unpack("i", packed)[0]
        return self._sent - waiting

    def next_cycle(self) -> bool:
        """Return whether another request may come on this connection."""
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return False
        self._http.start_next_cycle()
        return True

    async def linger(self, pace: Pace) -> None:
        """Read on for a while: a client that is still sending would get a reset, not the answer.

        Raises TooSlow.
        """
        if self._http.their_state in (h11.DONE, h11.CLOSED, h11.MUST_CLOSE, h11.IDLE):
            return
        self._writer.write_eof()
        end = self.received + LINGER_BYTES
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                while self.received < end and await self._read_while_arriving(pace):
                    pass

    async def arrival(self, pace: Pace) -> None:
        """Return once the client has all that was sent, or is gone. Raise TooSlow.

        After `close` the kernel would go on sending its buffer, however slowly it is read.
        """
        if self.acknowledged() < self._sent:
            self._writer.write_eof()
        while self.acknowledged() < self._sent and not self._writer.is_closing():
            await pace.wait(_poll_pause)

    def close(self) -> None:
        self._writer.close()

    def abort(self) -> None:
        """Close, and drop what the kernel doesn't have yet."""
        self._writer.transport.abort()

    def reset(self) -> None:
        """Close, and drop what has not arrived yet."""
        with contextlib.suppress(OSError):  # closed already
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.abort()

    async def _event(self, read: Callable[[], Awaitable[bytes]]) -> Event:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            self._http.receive_data(await read())
        return event

    async def _read(self) -> bytes:
        data = await self._reader.read(PIECE)
        self.received += len(data)
        return data

    async def _read_while_arriving(self, pace: Pace) -> bytes:
        """Read; raise TooSlow if what was sent doesn't arrive meanwhile."""
        while self.acknowledged() < self._sent:
            if (data := await pace.wait(self._read_for_a_moment)) is not None:
                return data
        return await self._read()

    async def _read_for_a_moment(self) -> bytes | None:
        """Return None if nothing comes within POLL_SECONDS."""
        try:
            async with asyncio.timeout(POLL_SECONDS):
                return await self._read()
        except TimeoutError:
            return None

    def _refused(self, error: h11.RemoteProtocolError) -> Refused:
        if error.error_status_hint != HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
            return Refused(400, "The request is not HTTP.")
        line, found, _ = self._http.trailing_data[0].partition(b"\n")
        if not found or len(line) > MAX_TARGET:
            return TOO_LONG
        return TOO_LARGE


CONTINUE = h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")
TOO_LONG = Refused(414, f"The URL is longer than {MAX_TARGET} bytes.")
TOO_LARGE = Refused(431, f"The headers are longer than {MAX_HEAD} bytes.")


async def _poll_pause() -> None:
    await asyncio.sleep(POLL_SECONDS)


def _check(request: h11.Request) -> None:
    """Refuse what h11 lets through: too long a head in one piece, and ambiguous framing."""
    if not request.http_version.startswith(b"1."):
        raise Refused(400, "Only HTTP/1.1 and HTTP/1.0 are understood here.")
    if len(request.target) > MAX_TARGET:
        raise TOO_LONG
    if sum(len(name) + len(text) + len(": \r\n") for name, text in request.headers) > MAX_HEAD:
        raise TOO_LARGE
    names = {name for name, _ in request.headers}
    is_old = request.http_version == b"1.0"
    if b"transfer-encoding" in names and (is_old or b"content-length" in names):
        # A proxy in front may go by the other one.
        raise Refused(400, "The length of the body is given in two ways.")
