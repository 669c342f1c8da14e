"""Slow but honest senders beside hopeless ones. The window is shorter than the server's."""

import asyncio
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from config.web import pace
from tests.integration.web.serving import Address, served

pytestmark = pytest.mark.processes

WINDOW_SECONDS = 1.0
WINDOW_BYTES = 10 * 1024
SECONDS = 3.5 * WINDOW_SECONDS
HONEST = 16_000  # bytes a second; 10,240 are needed
HOPELESS = 5_000
LENGTH = "Content-Length: {size}"
CHUNKED = "Transfer-Encoding: chunked"


@pytest.fixture(autouse=True)
def _short_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "WINDOW_SECONDS", WINDOW_SECONDS)
    monkeypatch.setattr(pace, "WINDOW_BYTES", WINDOW_BYTES)


def count(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    """How many bytes the body has."""
    size = len(environ["wsgi.input"].read())
    start("200 OK", [("Content-Type", "text/plain")])
    return [f"{size} bytes".encode()]


async def sent_slowly(address: Address, framing: str, bytes_a_second: int) -> tuple[int, bytes]:
    """The answer to a body that comes at that speed for some windows: its status, and all of it."""
    size = int(SECONDS * bytes_a_second)
    head = ["POST / HTTP/1.1", "Host: localhost", "Connection: close", framing.format(size=size)]
    reader, writer = await asyncio.open_connection(*address)
    writer.write("\r\n".join([*head, "", ""]).encode())
    answer = asyncio.create_task(reader.read())
    began, sent = time.monotonic(), 0
    while sent < size and not answer.done():
        due = min(size, int((time.monotonic() - began) * bytes_a_second)) - sent
        writer.write(piece(due, framing))
        sent += due
        await asyncio.sleep(0.1)
    writer.write(b"0\r\n\r\n" if framing == CHUNKED else b"")
    received = await answer
    writer.close()
    return int(received.split()[1]), received


def piece(size: int, framing: str) -> bytes:
    data = b"x" * size
    return b"%x\r\n%s\r\n" % (size, data) if size and framing == CHUNKED else data


def test_senders_that_are_fast_enough_get_answers_and_the_others_a_408(tmp_path: Path) -> None:
    senders = [(framing, speed) for framing in (LENGTH, CHUNKED) for speed in (HONEST, HOPELESS)]

    async def answers() -> list[tuple[int, bytes]]:
        async with served(count, tmp_path) as address:
            return await asyncio.gather(*(sent_slowly(address, *sender) for sender in senders))

    answered = asyncio.run(answers())

    assert [status for status, _ in answered] == [200, 408, 200, 408]
    whole = f"{int(SECONDS * HONEST)} bytes".encode()
    assert [whole in received for _, received in answered] == [True, False, True, False]
