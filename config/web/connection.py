"""One client's connection: its requests and their answers, one after the other."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Any

import h11

from config.web.answer import Answer
from config.web.application import Application
from config.web.backlog import Backlog
from config.web.body import Body
from config.web.gate import Gate
from config.web.pace import AT_ONCE, Pace, TooSlow
from config.web.refusals import Refused
from config.web.spool import Room, Spool
from config.web.wire import Wire
from config.web.wsgi_environ import environ_of

logger = logging.getLogger("web")

BODILESS = {204, 304}


@dataclass(frozen=True)
class Site:
    """What the connections of a process share.

    Attributes:
        folder, room: where spooled bytes are kept, and how many of them may be.
        memory: how many bytes of answers may wait in memory to be read.
    """

    application: Application
    gate: Gate
    folder: Path
    room: Room
    memory: Room

    def spool(self) -> Spool:
        return Spool(self.folder, self.room)

    def backlog(self) -> Backlog:
        return Backlog(self.memory, self.spool())


class Connection:
    """Serves one client until it leaves or is cut off, or the process ends.

    Attributes:
        is_waiting: whether no request is in hand.
        is_receiving: whether the request in hand isn't complete yet.
        is_last: whether the request in hand is to be the last.
    """

    def __init__(self, wire: Wire, site: Site, addresses: tuple[Any, Any]) -> None:
        self._wire = wire
        self._site = site
        self._addresses = addresses
        self._pace = self._new_pace()
        self.is_waiting = True
        self.is_receiving = False
        self.is_last = False

    async def serve(self, on_wait: Callable[[], None]) -> None:
        """Serve the client's requests. `on_wait` is called before each wait for a request."""
        try:
            await self._exchanges(on_wait)
            await self._wire.arrival(self._pace)
            self._wire.close()
        except TooSlow:
            self._wire.reset()
        except (OSError, h11.ProtocolError):
            self._wire.abort()

    async def _exchanges(self, on_wait: Callable[[], None]) -> None:
        try:
            while not self.is_last:
                self.is_waiting = True
                on_wait()
                request = await self._wire.head(self._pace)
                self.is_waiting = False
                if request is None:
                    return
                await self._exchange(request)
                if not self._wire.next_cycle():
                    break
        except Refused as refused:
            await self._refuse(refused)
        self.is_waiting = True
        await self._wire.linger(self._pace)

    def _new_pace(self) -> Pace:
        return Pace(self._wire.acknowledged, at_once=AT_ONCE)

    async def _exchange(self, request: h11.Request) -> None:
        self._pace = self._new_pace()
        environ = environ_of(request, *self._addresses)
        with contextlib.closing(self._site.spool()) as spool:
            body = Body(spool, self._site.gate, environ)
            await self._receive(body)
            self.is_last |= body.is_withheld
            answer = Answer(self._site.backlog(), self._site.application.patience)
            start = self._site.application.start(environ, answer, is_large=body.is_large)
            await self._answer(answer, await start)

    async def _receive(self, body: Body) -> None:
        self.is_receiving = True
        try:
            await body.receive(self._wire)
        except TooSlow:
            raise Refused(408, "The body came too slowly.") from None
        finally:
            self.is_receiving = False

    async def _answer(self, answer: Answer, done: asyncio.Future[None]) -> None:
        try:
            await self._send(answer)
        finally:
            answer.cut()
            await asyncio.shield(done)  # until then the application may still read the body

    async def _send(self, answer: Answer) -> None:
        """Send the answer, its head together with the first piece."""
        head: h11.Response | None = None
        async for piece in answer.pieces():
            events: list[h11.Event] = []
            if head is None:
                head = self._head(answer)
                events.append(head)
            if piece and not self._wire.is_bodiless and head.status_code not in BODILESS:
                events.append(h11.Data(data=piece))
            await self._wire.send(self._pace, *events)
            await asyncio.sleep(0)  # others have their turn even if the kernel takes everything
        if not answer.is_whole:
            raise ConnectionAbortedError
        await self._wire.send(self._pace, h11.EndOfMessage())

    def _head(self, answer: Answer) -> h11.Response:
        if answer.status is None:
            raise Refused(500, "The server failed.")
        code, _, reason = answer.status.partition(" ")
        headers = [  # Django's cookie headers begin with a blank
            (name.encode("latin-1"), text.strip().encode("latin-1"))
            for name, text in answer.headers
        ]
        headers.append((b"Date", formatdate(usegmt=True).encode()))
        if self.is_last:
            headers.append((b"Connection", b"close"))
        try:
            return h11.Response(status_code=int(code), headers=headers, reason=reason.encode())
        except h11.LocalProtocolError:
            logger.exception("The application's response head is invalid.")
            raise Refused(500, "The server failed.") from None

    async def _refuse(self, refused: Refused) -> None:
        head, body = refused.answer()
        sent = [] if self._wire.is_bodiless else [h11.Data(data=body)]
        await self._wire.send(self._pace, head, *sent, h11.EndOfMessage())
