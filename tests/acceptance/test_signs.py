"""Signs of life of real processes, whose broker is away when they start."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.supervisor.signs import Notice
from tests.acceptance.processes import Process, clean_environment, eventually
from tests.acceptance.stack import BEAT, WORKER
from tests.servers import free_port, temporary_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = temporary_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("module", [WORKER, BEAT], ids=["worker", "beat"])
def test_whoever_waits_for_the_broker_says_that_it_lives(
    module: tuple[str, ...], folder: Path
) -> None:
    notice = Notice(folder / "notify", patience=60.0)
    environment = {
        **clean_environment(),
        "IMPORTS_DATA_DIR": str(folder),
        "IMPORTS_SWEEP_SECONDS": "600",  # beat sends nothing by itself so soon
        "CELERY_BROKER_URL": f"redis://127.0.0.1:{free_port()}/0",
        "NOTIFY_SOCKET": str(folder / "notify"),
    }
    process = Process(*module, environment=environment, log=folder / "log")
    process.start()
    try:
        for _ in range(3):
            eventually(notice.seen, f"it gives a sign of life: {process.log()}", seconds=60)
    finally:
        process.stop()
