"""One web process."""

import asyncio
import itertools
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.web.application import Application
from config.web.connection import Connection, Site
from config.web.gate import Gate
from config.web.listener import BACKLOG, most_connections
from config.web.spool import Room
from config.web.wire import PIECE, Wire

ANSWERS_IN_MEMORY = 64 * 1024 * 1024  # bytes of all answers that wait to be read
AT_A_TIME = 64  # connections that are accepted before others have their turn
GRACE_SECONDS = 10.0  # for the requests in hand when the process has to end


@dataclass(frozen=True)
class Limits:
    """What one process may use.

    Attributes:
        spool_bytes: the most that all waiting bodies and answers may have together.
        folder: where they wait.
    """

    threads: int
    connections: int
    spool_bytes: int
    folder: Path
    access_log: bool


class Worker:
    """Accepts connections until a signal comes, and then finishes the requests in hand."""

    def __init__(self, wsgi: Callable[..., Any], listener: socket.socket, limits: Limits) -> None:
        self._wsgi = wsgi
        self._listener = listener
        self._limits = limits
        self._most = most_connections(limits.connections)
        self._open: dict[Connection, Wire] = {}  # those that have waited longest come first

    def run(self, beat: Callable[[], None]) -> None:
        """Serve; called once, in a process of its own. `beat` is its sign of life."""
        asyncio.run(self._serve(beat))

    async def _serve(self, beat: Callable[[], None]) -> None:
        self._site = self._make_site()
        self._pulse = asyncio.create_task(self._site.application.keep_beating(beat))
        end = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, end.set)
        server = await asyncio.start_server(
            self._on_connection, sock=self._listener, limit=PIECE, backlog=AT_A_TIME
        )
        self._listener.listen(BACKLOG)  # start_server has set it to AT_A_TIME
        await end.wait()
        server.close()
        await self._finish()

    def _make_site(self) -> Site:
        limits = self._limits
        application = Application(self._wsgi, limits.threads, access_log=limits.access_log)
        gate = Gate(application.in_turn)
        room, memory = Room(limits.spool_bytes), Room(ANSWERS_IN_MEMORY)
        return Site(application, gate, limits.folder, room, memory)

    async def _on_connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        wire = Wire(reader, writer)
        addresses = writer.get_extra_info("peername"), writer.get_extra_info("sockname")
        if None in addresses:  # the client is gone already
            wire.abort()
            return
        connection = Connection(wire, self._site, addresses)
        self._make_room()
        try:
            await connection.serve(lambda: self._note_wait(connection, wire))
        finally:
            self._open.pop(connection, None)

    def _note_wait(self, connection: Connection, wire: Wire) -> None:
        self._open.pop(connection, None)
        self._open[connection] = wire

    def _make_room(self) -> None:
        """If too many connections are open, close the one that has been idle for longest.

        If none is idle, close the one whose request has been incomplete for longest.
        """
        if len(self._open) < self._most:
            return
        waiting = (connection for connection in self._open if connection.is_waiting)
        receiving = (connection for connection in self._open if connection.is_receiving)
        if oldest := next(itertools.chain(waiting, receiving), None):
            self._open.pop(oldest).abort()

    async def _finish(self) -> None:
        """Finish the requests in hand, as far as that takes no longer than GRACE_SECONDS."""
        deadline = asyncio.get_running_loop().time() + GRACE_SECONDS
        for connection, wire in list(self._open.items()):
            connection.is_last = True
            if connection.is_waiting:
                wire.close()
        while self._open and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.05)
