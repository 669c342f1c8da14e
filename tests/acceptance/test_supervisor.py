"""`make run`: one command, several processes, no orphan."""

import os
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests import migrated
from tests.acceptance.processes import descendants, eventually, run
from tests.acceptance.service import Service
from tests.servers import free_port

Start = Callable[..., Service]

SAID_AS = {"worker": "worker", "beat": "beat", "valkey-server": "broker"}


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    services: list[Service] = []

    def start(*, first_time: bool = False, **environment: str) -> Service:
        service = Service(tmp_path / "var", **environment)
        if not first_time and not service.folder.exists():
            migrated.copy_sqlite(service.folder)
        services.append(service)
        service.start()
        return service

    yield start
    for service in services:
        service.process.stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_everything_and_leaves_no_orphan(start: Start, number: int) -> None:
    service = start()
    family = service.family()

    os.kill(service.process.pid, number)

    assert service.process.wait() == 0
    assert len(family) >= 6, "broker, web, worker and beat, and what two of them fork"
    assert not psutil.wait_procs(family, timeout=20)[1]


def test_a_killed_supervisor_leaves_no_orphan(start: Start) -> None:
    service = start()
    family = service.family()

    service.process.kill()

    assert not psutil.wait_procs(family, timeout=30)[1]


@pytest.mark.parametrize("name", ["config.web", "worker", "beat", "valkey-server"])
def test_a_killed_process_is_started_again_without_its_forks(start: Start, name: str) -> None:
    service = start()
    child = service.child(name)
    assert child is not None
    lost = descendants(child.pid)

    child.kill()

    assert not psutil.wait_procs(lost, timeout=20)[1]
    eventually(lambda: service.child(name), f"{name} runs again")
    eventually(service.api.is_ready, "the service is ready again")


def test_whatever_dies_has_a_successor(start: Start) -> None:
    service = start()
    family = service.family()

    for process in reversed(family):  # forks before whoever forked them
        if process.pid in alive(service):
            process.kill()
        eventually(
            partial(is_replaced, service, process.pid, len(family)),
            f"there is another process instead of {process}",
        )
    eventually(service.api.is_ready, "the service is ready again")


def is_replaced(service: Service, pid: int, size: int) -> bool:
    """Whether the service is whole without that process."""
    found = alive(service)
    return pid not in found and len(found) == size


def alive(service: Service) -> set[int]:
    """The processes of the service, but for those that only wait to be buried."""
    return {pid for pid in map(_pid_if_alive, service.family()) if pid is not None}


def _pid_if_alive(process: psutil.Process) -> int | None:
    try:
        return process.pid if process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


@pytest.mark.parametrize("name", ["worker", "beat", "valkey-server"])
def test_a_process_that_only_stands_there_is_replaced(start: Start, name: str) -> None:
    service = start()
    client, child = service.client(), service.child(name)
    assert child is not None

    child.suspend()
    created = client.create_import("tags", [{"name": "stopped"}])

    assert client.finished(created["id"])["attributes"]["status"] == "completed"
    eventually(lambda: not child.is_running(), f"the {name} that was stopped is gone")
    eventually(service.api.is_ready, "the service is ready again")
    assert f"{SAID_AS[name]} gave no sign of life" in service.process.log()


def test_a_worker_whose_only_pool_process_was_stopped_is_replaced(start: Start) -> None:
    service = start()
    client, worker = service.client(), service.child("worker")
    assert worker is not None

    [process] = worker.children()
    process.suspend()
    created = client.create_import("tags", [{"name": "stopped"}])

    assert client.finished(created["id"])["attributes"]["status"] == "completed"
    assert not psutil.wait_procs([process], timeout=20)[1]


def test_an_import_that_nobody_rang_for_completes_though_beat_was_killed(start: Start) -> None:
    service = start()
    client, beat, broker = service.client(), service.child("beat"), service.child("valkey-server")
    assert beat is not None
    assert broker is not None

    beat.kill()
    broker.kill()
    created = client.create_import("tags", [{"name": "unheard"}])

    assert client.finished(created["id"])["attributes"]["status"] == "completed"


def test_the_broker_can_be_reached_by_its_owner_on_this_machine_only(start: Start) -> None:
    service = start()
    broker = service.child("valkey-server")
    assert broker is not None

    assert broker.net_connections("inet") == []
    socket_file = service.folder.resolve() / "run" / "valkey.sock"
    assert (socket_file.resolve().stat().st_mode & 0o777) == 0o600
    assert (socket_file.resolve().parent.stat().st_mode & 0o777) == 0o700


def test_a_command_by_hand_finds_the_broker_however_long_the_path(
    start: Start, tmp_path: Path
) -> None:
    folder = tmp_path / ("x" * 100)
    service = start(IMPORTS_DATA_DIR=str(folder))

    said = run("django", "check_health", environment=service.environment)
    elsewhere = (folder / "run").resolve()
    service.process.terminate()

    assert "broker: OK" in said
    assert not elsewhere.is_relative_to(folder)
    assert not elsewhere.exists(), "nothing is left outside of the data directory"


def test_the_sample_is_imported_once_the_service_is_up(start: Start) -> None:
    service = start(first_time=True, IMPORTS_SAMPLE="1")

    eventually(lambda: "The next import, by hand" in service.process.log(), "it is welcoming")

    assert '"status": "completed"' in service.process.log()
    assert ", 0 errors" in service.process.log()


def test_what_is_secret_is_readable_by_its_owner_only_and_never_printed(start: Start) -> None:
    service = start()
    eventually(lambda: "The next import, by hand" in service.process.log(), "it is welcoming")

    keys = list((service.folder / "keys").iterdir())

    assert {key.name for key in keys} == {
        "django",
        "live-client.json",
        "staff-password",
        "test-client.json",
    }
    assert {key.stat().st_mode & 0o777 for key in keys} == {0o600}
    assert (service.folder / "keys" / "staff-password").read_text() not in service.process.log()


def test_a_second_start_finds_the_work_of_the_first(start: Start) -> None:
    first = start()
    secrets = {key: key.read_text() for key in (first.folder / "keys").iterdir()}
    first.process.terminate()

    start()

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


def test_a_second_service_on_one_data_directory_is_one_clear_line(start: Start) -> None:
    first = start()

    said = refusal(first.folder)

    assert said == (
        f"Can't start: The data directory {first.folder} is in use by process {first.process.pid},"
        " which has to end first; or set IMPORTS_DATA_DIR to another.\n"
    )
    assert first.api.is_ready()


def refusal(folder: Path, **environment: str) -> str:
    """What a service that can't start says, all of it."""
    service = Service(folder, **environment)
    service.process.start()
    assert service.process.wait() == 1
    return service.process.log()


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
