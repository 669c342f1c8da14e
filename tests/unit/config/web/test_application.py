"""Who is answered next, where one thread answers all."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any

from config.web.answer import Answer
from config.web.application import Application
from config.web.backlog import Backlog
from config.web.spool import Room, Spool


class Recorder:
    """An application that answers once it may.

    Attributes:
        asked: the paths, in the order in which their turn came.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.may_answer = threading.Event()

    def __call__(self, environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        self.note(environ["PATH_INFO"])
        start("200 OK", [])
        return [b"x"]

    def note(self, path: str) -> None:
        self.may_answer.wait(30)
        self.asked.append(path)


class Crowd:
    """Those that ask one application, whose only thread is taken until `answered`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._recorder = Recorder()
        self._application = Application(self._recorder, 1, access_log=False)
        self._tasks: list[asyncio.Task[None]] = []

    async def ask(self, *paths: str) -> None:
        """Requests; all of them wait, or have the thread, on return."""
        await self._join(self._answered(path) for path in paths)

    async def look_at_token(self, path: str) -> None:
        """As the gate does before a large body of a request for it."""
        note = self._recorder.note
        await self._join([self._application.in_turn({"PATH_INFO": path}, note, f"token: {path}")])

    async def answered(self) -> list[str]:
        self._recorder.may_answer.set()
        await asyncio.gather(*self._tasks)
        return self._recorder.asked

    async def _join(self, coroutines: Iterable[Coroutine[Any, Any, None]]) -> None:
        self._tasks += map(asyncio.create_task, coroutines)
        await asyncio.sleep(0)

    async def _answered(self, path: str) -> None:
        spool = Spool(self._folder, Room(1_000))
        answer = Answer(Backlog(Room(1_000), spool), self._application.patience)
        await (await self._application.start({"PATH_INFO": path}, answer, is_large=False))
        answer.cut()


def test_many_requests_with_one_key_delay_another_by_one_of_them(tmp_path: Path) -> None:
    async def asked() -> list[str]:
        crowd = Crowd(tmp_path)
        await crowd.ask("/many", "/many", "/many", "/many", "/few")
        return await crowd.answered()

    assert asyncio.run(asked()) == ["/many", "/many", "/few", "/many", "/many"]


def test_many_requests_delay_the_check_of_a_token_by_one_of_them(tmp_path: Path) -> None:
    async def asked() -> list[str]:
        crowd = Crowd(tmp_path)
        await crowd.ask("/many", "/many", "/many")
        await crowd.look_at_token("/few")
        return await crowd.answered()

    assert asyncio.run(asked()) == ["/many", "/many", "token: /few", "/many"]
