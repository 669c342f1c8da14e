"""Slow but honest readers beside hopeless ones. The window is shorter than the server's."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from config.web import pace
from tests.integration.web.serving import MIB, Address, request, served

pytestmark = pytest.mark.processes

WINDOW_SECONDS = 2.0
WINDOW_BYTES = 20 * 1024
SECONDS = 3.5 * WINDOW_SECONDS
HONEST = 13_000  # bytes a second; 10,240 are needed
HOPELESS = 5_000
SMALL = 400_000  # bytes of an answer that the server's kernel takes at once
LARGE = 12 * MIB  # bytes; it doesn't
FINE = 4_096  # bytes of a receive buffer: little is acknowledged at a time
COARSE = 65_536  # as a kernel has it by default: then nothing for longer than a window
LAST_CHUNK = b"\r\n0\r\n\r\n"


@pytest.fixture(autouse=True)
def _short_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "WINDOW_SECONDS", WINDOW_SECONDS)
    monkeypatch.setattr(pace, "WINDOW_BYTES", WINDOW_BYTES)


def answer(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    """So many bytes as the path says."""
    start("200 OK", [("Content-Type", "text/plain")])
    size = int(environ["PATH_INFO"].removeprefix("/"))
    return (b"x" * 50_000 for _ in range(size // 50_000))


async def reads_whole(address: Address, asked: bytes, buffer: int, bytes_a_second: int) -> bool:
    """Whether the answer comes to its end, of which the last part is read at once."""
    with socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        reader.settimeout(0)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(reader, address)
        await loop.sock_sendall(reader, asked)
        rest = b""
        with contextlib.suppress(ConnectionError):
            await _read_slowly(reader, bytes_a_second)
            while data := await loop.sock_recv(reader, MIB):
                rest += data
        return LAST_CHUNK in rest


async def _read_slowly(reader: socket.socket, bytes_a_second: int) -> None:
    began, received = time.monotonic(), 0
    while (seconds := time.monotonic() - began) < SECONDS:
        with contextlib.suppress(BlockingIOError):
            while (due := int(seconds * bytes_a_second) - received) > 0:
                if not (data := reader.recv(due)):
                    raise ConnectionAbortedError
                received += len(data)
        await asyncio.sleep(0.1)


def test_honest_ones_get_their_answers_and_hopeless_ones_are_cut_off(tmp_path: Path) -> None:
    small, large = request(f"/{SMALL}"), request(f"/{LARGE}")
    kept = request(f"/{SMALL}", connection="keep-alive")
    refused = kept + b"\r\n"  # what follows is no head
    honest = [(asked, buffer, HONEST) for asked in (small, large) for buffer in (FINE, COARSE)]
    hopeless = [(asked, FINE, HOPELESS) for asked in (small, large, kept, refused)]

    async def whole() -> list[bool]:
        async with served(answer, tmp_path, threads=len(honest + hopeless)) as address:
            reads = (reads_whole(address, *reader) for reader in honest + hopeless)
            return await asyncio.gather(*reads)

    assert asyncio.run(whole()) == [True] * len(honest) + [False] * len(hopeless)
