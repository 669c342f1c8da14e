"""Silent, dripping and non-reading connections at once, and how others fare meanwhile.

`python -m tests.torture.slow_clients` starts the web server on SQLite and prints two tables. It
speaks to this machine only, and ends by itself.
"""

import argparse
import asyncio
import contextlib
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from tests.acceptance.processes import eventually
from tests.acceptance.stack import Stack
from tests.torture.prober import Prober, Probes

DRIP_SECONDS = 5.0
ROWS = 10_000
HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: "
BODY = b"POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"

Client = Callable[[socket.socket], Awaitable[None]]


class Crowd:
    """Connections of one kind; each remembers after how many seconds it was cut off."""

    def __init__(self, name: str, client: Client, count: int, *, buffer: int = 0) -> None:
        self.name = name
        self.count = count
        self.cut_off: list[float] = []
        self._client = client
        self._buffer = buffer

    async def run(self, address: tuple[str, int]) -> None:
        await asyncio.gather(*(self._one(address) for _ in range(self.count)))

    async def _one(self, address: tuple[str, int]) -> None:
        with socket.socket() as connection:
            connection.settimeout(0)
            if self._buffer:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._buffer)
            began = time.monotonic()
            with contextlib.suppress(OSError):
                await asyncio.get_running_loop().sock_connect(connection, address)
                await self._client(connection)
            self.cut_off.append(time.monotonic() - began)


async def silent(connection: socket.socket) -> None:
    await asyncio.get_running_loop().sock_recv(connection, 1)


def dripping(start: bytes) -> Client:
    """Send a byte every DRIP_SECONDS, until something comes back."""

    async def drip(connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(connection, start)
        answer = asyncio.ensure_future(loop.sock_recv(connection, 1))
        while not (await asyncio.wait([answer], timeout=DRIP_SECONDS))[0]:
            await loop.sock_sendall(connection, b"a")
        await answer

    return drip


def not_reading(request: bytes) -> Client:
    """Asks, reads nothing, and looks now and then whether the server has given up."""

    async def ask(connection: socket.socket) -> None:
        await asyncio.get_running_loop().sock_sendall(connection, request)
        while True:
            await asyncio.sleep(1)
            connection.send(b"\r\n")  # fails once it has been reset

    return ask


async def attack(stack: Stack, asked: argparse.Namespace) -> tuple[list[Crowd], list[Probes]]:
    api = stack.client()
    rows = [{"code": f"SLOW-{number}", "name": "x" * 200} for number in range(ROWS)]
    large = f"/api/imports/{api.create_import('skus', rows)['id']}"
    request = (
        f"GET {large} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {api.token}\r\n\r\n"
    )
    crowds = [
        Crowd("silent", silent, asked.silent),
        Crowd("dripping heads", dripping(HEAD), asked.dripping // 2),
        Crowd("dripping bodies", dripping(BODY), asked.dripping // 2),
        Crowd("not reading", not_reading(request.encode()), asked.not_reading, buffer=4_096),
    ]
    probers = [Prober(api, path) for path in ("/healthz", "/api/application")]
    url = urlsplit(stack.api.url)
    address = (str(url.hostname), int(url.port or 0))
    for prober in probers:
        prober.start(asked.seconds)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(asked.seconds):
            await asyncio.gather(*(crowd.run(address) for crowd in crowds))
            await asyncio.sleep(asked.seconds)
    return crowds, [prober.result() for prober in probers]


def report(crowds: list[Crowd], probes: list[Probes], seconds: float) -> str:
    lines = [f"{'connections':18}{'open':>6}{'cut off':>9}{'first after':>13}{'last after':>12}"]
    for crowd in crowds:
        ended = [after for after in crowd.cut_off if after < seconds - 1]
        first, last = (f"{f(ended):.0f} s" if ended else "never" for f in (min, max))
        lines.append(f"{crowd.name:18}{crowd.count:>6}{len(ended):>9}{first:>13}{last:>12}")
    lines.append(f"\n{'meanwhile':18}{'asked':>6}{'failed':>9}{'median':>13}{'worst':>12}")
    for asked in probes:
        counts = f"{len(asked.seconds):>6}{asked.failed:>9}"
        lines.append(f"{asked.path:18}{counts}{asked.median:>11.3f} s{asked.worst:>10.3f} s")
    return "\n".join(lines)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture.slow_clients")
    parser.add_argument("--silent", type=int, default=1_000)
    parser.add_argument("--dripping", type=int, default=1_000)
    parser.add_argument("--not-reading", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    with TemporaryDirectory(prefix="imports-slow-") as folder:
        stack = Stack(Path(folder), {"CELERY_BROKER_URL": "memory://"})
        stack.manage("migrate", "--verbosity", "0")
        stack.web.start()
        try:
            eventually(lambda: _answers(stack), "the web server answers")
            crowds, probes = asyncio.run(attack(stack, asked))
        finally:
            stack.web.stop()
    sys.stdout.write(report(crowds, probes, asked.seconds) + "\n")


def _answers(stack: Stack) -> bool:
    try:
        return stack.api.get("/healthz").status == 200
    except OSError:
        return False


if __name__ == "__main__":
    main()
