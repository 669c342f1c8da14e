"""Signs of life of real processes while the broker or the database is away."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.supervisor.processes import answer_of_web
from config.supervisor.sample import Site
from config.supervisor.signs import Notice, Sign
from tests.acceptance.processes import Process, clean_environment, eventually
from tests.acceptance.stack import BEAT, SENDER, WEB, WORKER
from tests.servers import RedisServer, free_port, temporary_folder

SENDING = (*SENDER, "imports-callbacks")
SIGNS = 3  # the first one says nothing of the next


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = temporary_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def notice(folder: Path) -> Iterator[Notice]:
    """Of whoever is told of its socket."""
    notice = Notice(folder / "notify", patience=60.0)
    yield notice
    notice._socket.close()


@contextmanager
def running(folder: Path, module: tuple[str, ...], **environment: str) -> Iterator[None]:
    """The process, whose database is away; its broker too, unless the environment names one."""
    away = {
        "DATABASE_URL": f"postgres://127.0.0.1:{free_port()}/imports",
        "CELERY_BROKER_URL": f"redis://127.0.0.1:{free_port()}/0",
        "IMPORTS_DATA_DIR": str(folder),
        "IMPORTS_SWEEP_SECONDS": "600",  # beat sends nothing by itself so soon
        "IMPORTS_SILENCE_SECONDS": "6",  # a sixth of it lies between two signs
        "NOTIFY_SOCKET": str(folder / "notify"),
    }
    process = Process(
        *module, environment={**clean_environment(), **away, **environment}, log=folder / "log"
    )
    process.start()
    try:
        yield
    finally:
        process.stop()


def await_signs(sign: Sign) -> None:
    for number in range(SIGNS):
        eventually(sign.seen, f"there is sign {number + 1}")


@pytest.mark.parametrize("module", [WORKER, SENDING, BEAT], ids=["worker", "sender", "beat"])
def test_a_process_that_waits_for_the_broker_gives_signs_of_life(
    module: tuple[str, ...], folder: Path, notice: Notice
) -> None:
    with running(folder, module):
        await_signs(notice)


@pytest.mark.parametrize("module", [WORKER, SENDING], ids=["worker", "sender"])
def test_a_worker_lives_while_the_database_is_away(
    module: tuple[str, ...], folder: Path, notice: Notice, broker: RedisServer
) -> None:
    with running(folder, module, CELERY_BROKER_URL=broker.url):
        await_signs(notice)


def test_the_web_server_lives_while_all_else_is_away(folder: Path) -> None:
    port = free_port()

    with running(folder, WEB, PORT=str(port)):
        sign = answer_of_web(Site("127.0.0.1", port))
        sign.every = 1.0
        await_signs(sign)
        sign._hang_up()
