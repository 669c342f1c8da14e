"""A large answer that the kernel takes as fast as it is sent."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h11

from config.web.pace import Pace
from config.web.wire import PIECE, Wire
from tests.integration.web.serving import request, served

PIECES = 20


class Watched(Wire):
    """Remembers in which turn of the event loop each piece was sent."""

    turn = 0
    sent: list[int]

    async def send(self, pace: Pace, *events: h11.Event) -> None:
        self.sent.append(self.turn)
        await super().send(pace, *events)


async def count_turns() -> None:
    while True:
        Watched.turn += 1
        await asyncio.sleep(0)


def answer(_environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
    """All of it is there at once, so that its sending waits for nothing."""
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"x" * PIECE * PIECES]


def test_others_have_their_turn_between_its_pieces(tmp_path: Path) -> None:
    Watched.sent = []

    async def received() -> int:
        counting = asyncio.create_task(count_turns())
        async with served(answer, tmp_path, wire=Watched) as address:
            reader, writer = await asyncio.open_connection(*address)
            with contextlib.closing(writer):
                writer.write(request("/"))
                size = len(await reader.read())
        counting.cancel()
        return size

    assert asyncio.run(received()) > PIECES * PIECE
    assert len(Watched.sent) > PIECES
    assert len(set(Watched.sent)) == len(Watched.sent)
