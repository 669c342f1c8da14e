"""`make run` keeps each of its processes alive: one service, whose processes come and go."""

from collections.abc import Iterator
from functools import partial

import psutil
import pytest

from tests import migrated
from tests.acceptance.processes import PATIENCE, descendants, eventually
from tests.acceptance.service import Service, refusal

SAID_AS = {"worker": "worker", "sender": "sender", "beat": "beat", "valkey-server": "broker"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that is soon told apart from one that works."""
    service = Service(tmp_path_factory.mktemp("service") / "var", IMPORTS_SILENCE_SECONDS="12")
    migrated.copy_sqlite(service.folder)
    try:
        service.start()
        yield service
    finally:
        service.process.stop()


@pytest.fixture(scope="module")
def size(running: Service) -> int:
    """How many processes it has."""
    return len(running.family())


@pytest.fixture
def service(running: Service, size: int) -> Service:
    """The same, whole again after what the test before has done to it."""
    eventually(lambda: len(alive(running)) == size, "all processes are there")
    eventually(running.api.is_ready, "the service is ready")
    return running


@pytest.mark.parametrize("name", ["config.web", *SAID_AS])
def test_a_killed_process_is_started_again_without_its_forks(service: Service, name: str) -> None:
    child = _child(service, name)
    lost = descendants(child.pid)

    child.kill()

    assert not psutil.wait_procs(lost, timeout=PATIENCE)[1]
    eventually(lambda: service.child(name), f"{name} runs again")
    eventually(service.api.is_ready, "the service is ready again")


def test_whatever_dies_has_a_successor(service: Service) -> None:
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


def _child(service: Service, name: str) -> psutil.Process:
    """That process; one that was just started has its name a moment later."""
    return eventually(lambda: service.child(name), f"the {name} is there")


def _pid_if_alive(process: psutil.Process) -> int | None:
    try:
        return process.pid if process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


@pytest.mark.parametrize("name", SAID_AS)
def test_a_process_that_only_stands_there_is_replaced(service: Service, name: str) -> None:
    client, child = service.client(), _child(service, name)
    before = len(service.process.log())

    child.suspend()
    created = client.create_import("tags", [{"name": "stopped"}])

    assert client.finished(created["id"])["attributes"]["status"] == "completed"
    eventually(lambda: not child.is_running(), f"the {name} that was stopped is gone")
    eventually(service.api.is_ready, "the service is ready again")
    assert f"{SAID_AS[name]} gave no sign of life" in service.process.log()[before:]


def test_a_worker_whose_only_pool_process_was_stopped_is_replaced(service: Service) -> None:
    client, worker = service.client(), _child(service, "worker")

    [process] = worker.children()
    process.suspend()
    created = client.create_import("tags", [{"name": "stopped"}])

    assert client.finished(created["id"])["attributes"]["status"] == "completed"
    assert not psutil.wait_procs([process], timeout=PATIENCE)[1]


def test_an_import_that_nobody_rang_for_completes_though_beat_was_killed(service: Service) -> None:
    client, beat = service.client(), _child(service, "beat")
    broker = _child(service, "valkey-server")

    beat.kill()
    broker.kill()
    created = client.create_import("tags", [{"name": "unheard"}])

    assert client.finished(created["id"])["attributes"]["status"] == "completed"


def test_the_broker_can_be_reached_by_its_owner_on_this_machine_only(service: Service) -> None:
    broker = service.child("valkey-server")
    assert broker is not None

    assert broker.net_connections("inet") == []
    socket_file = service.folder.resolve() / "run" / "valkey.sock"
    assert (socket_file.resolve().stat().st_mode & 0o777) == 0o600
    assert (socket_file.resolve().parent.stat().st_mode & 0o777) == 0o700


def test_secrets_are_readable_by_their_owner_only_and_never_printed(service: Service) -> None:
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


def test_a_second_service_on_one_data_directory_is_one_clear_line(service: Service) -> None:
    said = refusal(service.folder)

    assert said == (
        f"Can't start: The data directory {service.folder} is in use by process"
        f" {service.process.pid}, which has to end first; or set IMPORTS_DATA_DIR to another.\n"
    )
    eventually(service.api.is_ready, "the first one goes on")
