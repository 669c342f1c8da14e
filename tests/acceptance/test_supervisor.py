"""`make run`: one command, several processes, no orphan."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.acceptance.processes import descendants, eventually
from tests.acceptance.service import Service
from tests.servers import free_port

Start = Callable[..., Service]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    services: list[Service] = []

    def start(**environment: str) -> Service:
        services.append(Service(tmp_path / "var", **environment))
        services[-1].start()
        return services[-1]

    yield start
    for service in services:
        service.process.stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_everything_and_leaves_no_orphan(start: Start, number: int) -> None:
    service = start()
    family = service.family()

    os.kill(service.process.pid, number)

    assert service.process.wait() == 0
    assert len(family) >= 4, "web and worker have processes of their own"
    assert not psutil.wait_procs(family, timeout=20)[1]


def test_a_killed_supervisor_leaves_no_orphan(start: Start) -> None:
    service = start()
    family = service.family()

    service.process.kill()

    assert not psutil.wait_procs(family, timeout=30)[1]


@pytest.mark.parametrize("name", ["gunicorn", "celery"])
def test_a_killed_process_is_started_again_without_its_forks(start: Start, name: str) -> None:
    service = start()
    child = service.child(name)
    assert child is not None
    lost = descendants(child.pid)

    child.kill()

    assert not psutil.wait_procs(lost, timeout=20)[1]
    eventually(lambda: service.child(name), f"{name} runs again")
    eventually(service.api.is_ready, "the service is ready again")


def test_the_sample_is_imported_once_the_service_is_up(start: Start) -> None:
    service = start(IMPORTS_SAMPLE="1")

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
