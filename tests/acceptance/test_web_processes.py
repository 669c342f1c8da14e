"""Several web processes: each is judged by its own signs of life."""

from pathlib import Path

import psutil

from tests.acceptance.processes import eventually
from tests.acceptance.stack import Stack
from tests.acceptance.web import answers, web_server

PROCESSES = 2


def processes(stack: Stack) -> set[int]:
    """All of them, once they are there."""

    def found() -> set[int] | None:
        pids = {child.pid for child in psutil.Process(stack.web.pid).children()}
        return pids if len(pids) == PROCESSES else None

    return eventually(found, f"there are {PROCESSES} processes")


def test_the_one_that_only_stands_there_is_replaced(tmp_path: Path) -> None:
    silence = {"IMPORTS_SILENCE_SECONDS": "6"}
    with web_server(tmp_path, IMPORTS_WEB_PROCESSES=str(PROCESSES), **silence) as stack:
        before = processes(stack)
        hung = psutil.Process(min(before))
        hung.suspend()
        eventually(lambda: not hung.is_running(), "the one that was stopped is gone")
        after = processes(stack)

        assert answers(stack)
        assert len(before & after) == 1, "the other one went on"
        assert f"The web process {hung.pid} gave no sign of life" in stack.web.log()
