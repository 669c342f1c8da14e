"""The web server's connections in the test's own event loop, with an application of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from config.web.application import Application
from config.web.connection import Connection, Site
from config.web.gate import Gate
from config.web.spool import Room
from config.web.wire import PIECE, Wire

MIB = 1024 * 1024
Address = tuple[str, int]


@asynccontextmanager
async def served(
    wsgi: Callable[..., Any], folder: Path, *, threads: int = 4, wire: type[Wire] = Wire
) -> AsyncIterator[Address]:
    """The address at which it is served; the connections have ended once it is left."""
    application = Application(wsgi, threads, access_log=False)
    site = Site(application, Gate(application.in_turn), folder, Room(64 * MIB), Room(64 * MIB))

    serving: list[asyncio.Task[None]] = []

    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        addresses = writer.get_extra_info("peername"), writer.get_extra_info("sockname")
        connection = Connection(wire(reader, writer), site, addresses)
        serving.append(asyncio.create_task(connection.serve(lambda: None)))

    server = await asyncio.start_server(on_connection, "127.0.0.1", 0, limit=PIECE)
    try:
        yield server.sockets[0].getsockname()
    finally:
        server.close()
        await asyncio.gather(*serving)


def request(path: str, *, connection: str = "close") -> bytes:
    """A whole one, after which the connection is to end unless it is to be kept (keep-alive)."""
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: {connection}\r\n\r\n"
    return head.encode()
