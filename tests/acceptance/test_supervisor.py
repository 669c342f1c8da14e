"""`make run`: one command, several processes, no orphan."""

import os
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from tests import migrated
from tests.acceptance.processes import PATIENCE, eventually, run
from tests.acceptance.service import Service, refusal
from tests.servers import free_port

Start = Callable[..., Service]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    services: list[Service] = []

    def start(folder: Path = tmp_path / "var", **environment: str) -> Service:
        service = Service(folder, **environment)
        if not service.folder.exists():
            migrated.copy_sqlite(service.folder)
        services.append(service)
        service.start()
        return service

    yield start
    for service in services:
        service.process.stop()


def end(service: Service, number: signal.Signals) -> None:
    """End it by that signal; it leaves no orphan."""
    family = service.family()

    os.kill(service.process.pid, number)

    assert service.process.wait() == 0
    assert len(family) >= 7, "broker, web, worker, sender and beat, and what two of them fork"
    assert not psutil.wait_procs(family, timeout=PATIENCE)[1]


def test_a_command_by_hand_finds_the_broker_however_long_the_path(
    start: Start, tmp_path: Path
) -> None:
    folder = tmp_path / ("x" * 100)
    service = start(folder)

    said = run("django", "check_health", environment=service.environment)
    elsewhere = (folder / "run").resolve()
    end(service, signal.SIGHUP)

    assert "broker: OK" in said
    assert not elsewhere.is_relative_to(folder)
    assert not elsewhere.exists(), "nothing is left outside of the data directory"


def test_the_sample_is_imported_once_the_service_is_up_and_a_kill_leaves_no_orphan(
    start: Start,
) -> None:
    service = start(IMPORTS_SAMPLE="1")

    eventually(lambda: "The next import, by hand" in service.process.log(), "it is welcoming")
    family = service.family()
    service.process.kill()

    assert '"status": "completed"' in service.process.log()
    assert ", 0 errors" in service.process.log()
    assert not psutil.wait_procs(family, timeout=PATIENCE)[1]


def test_a_second_start_finds_the_work_of_the_first(start: Start) -> None:
    first = start()
    secrets = {key: key.read_text() for key in (first.folder / "keys").iterdir()}
    end(first, signal.SIGTERM)

    second = start()
    end(second, signal.SIGINT)

    assert {key: key.read_text() for key in (first.folder / "keys").iterdir()} == secrets


def test_a_term_before_any_process_starts_ends_it_at_once(tmp_path: Path) -> None:
    service = Service(tmp_path / "var")
    service.folder.mkdir()
    with closing(sqlite3.connect(service.folder / "db.sqlite3")) as database:
        database.execute("BEGIN EXCLUSIVE")  # the migrations wait for it
        service.process.start()
        eventually((service.folder / "keys" / "django").exists, "it has begun to start")

        assert service.process.terminate() == -signal.SIGTERM, "a shell makes 143 of it"

    assert "started" not in service.process.log()


def test_a_signal_while_the_service_starts_ends_it_without_a_traceback(tmp_path: Path) -> None:
    service = Service(tmp_path / "var")
    service.process.start()
    eventually((tmp_path / "var" / "keys" / "django").exists, "it has begun to start")

    os.kill(service.process.pid, signal.SIGINT)

    # Before Python has its handlers the signal itself ends it, which a shell calls 130, too.
    assert service.process.wait() in {0, 130, -signal.SIGINT}
    assert "Traceback" not in service.process.log()


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        said = refusal(tmp_path / "var", PORT=str(port))

    assert said == (
        f"Can't start: Can't listen on 127.0.0.1:{port} (Address already in use); "
        f"choose another port: PORT={port + 1} make run\n"
    )


def test_a_data_directory_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    said = refusal(tmp_path / "file", IMPORTS_DATA_DIR=str(tmp_path / "file"))

    assert said.startswith(f"Can't start: The data directory {tmp_path / 'file'} is not writable")
    assert said.count("\n") == 1


def test_a_setting_that_cannot_be_meant_is_one_clear_line(tmp_path: Path) -> None:
    said = refusal(tmp_path / "var", IMPORTS_MAX_ROWS="many")

    assert said == "Can't start: IMPORTS_MAX_ROWS must be a number above zero, not 'many'.\n"


def test_a_database_that_is_away_is_one_clear_line(tmp_path: Path) -> None:
    said = refusal(tmp_path / "var", DATABASE_URL=f"postgres://127.0.0.1:{free_port()}/imports")

    assert said.startswith("Can't start: The database of DATABASE_URL is not usable:")
    assert said.count("\n") == 1
