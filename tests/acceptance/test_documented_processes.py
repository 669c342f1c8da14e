"""The processes that operators start in production, each by itself, as their guide writes them."""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from django.core.management import get_commands

from tests import servers
from tests.acceptance import documents
from tests.acceptance.api import Api
from tests.acceptance.conftest import own_database
from tests.acceptance.processes import Process, eventually
from tests.acceptance.stack import Stack

ROWS = 3_000
# A worker that is told to end finishes its slice: most of the rows have to be left behind that.
SHORT_SLICES = {"IMPORTS_CHUNK_ROWS": "20", "IMPORTS_SLICE_SECONDS": "0.2"}
PYTHON = ".venv/bin/python -m "
PROCESSES = dict(
    re.findall(rf"^\| (\w+) \|.*\| `{PYTHON}(.+)` \|$", documents.OPERATORS, re.MULTILINE)
)
COMMAND = re.compile(r"manage\.py (\w+)")


@dataclass(frozen=True)
class Host:
    """The processes, by the names that the guide gives them, and what they run in."""

    stack: Stack
    processes: Mapping[str, Process]

    def logs(self) -> dict[str, str]:
        return {name: process.log() for name, process in self.processes.items()}


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """PostgreSQL and Redis, and the processes of the guide."""
    folder = tmp_path_factory.mktemp("host")
    with own_database(servers.redis_url()) as environment:
        stack = Stack(folder, {**environment, **SHORT_SLICES}, is_migrated=True)
        processes = {
            name: stack.process(folder / f"{name}.log", *shlex.split(command))
            for name, command in PROCESSES.items()
        }
        try:
            for process in processes.values():
                process.start()
            yield Host(stack, processes)
        finally:
            for process in processes.values():
                process.stop()


@pytest.fixture
def client(host: Host) -> Api:
    eventually(host.stack.api.is_ready, "web, worker and beat are there")
    return host.stack.client()


def test_a_host_with_the_processes_of_the_guide_carries_out_imports(client: Api) -> None:
    done = client.import_("skus", [{"code": "MUG", "name": "Mug"}])

    assert PROCESSES.keys() == {"web", "worker", "sender", "beat"}
    assert done["attributes"]["status"] == "completed"


def test_an_import_that_runs_during_an_upgrade_goes_on_after_it(host: Host, client: Api) -> None:
    worker = host.processes["worker"]
    rows = [{"code": f"MUG-{number}", "name": "Mug"} for number in range(ROWS)]
    path = f"/api/imports/{client.create_import('skus', rows)['id']}"
    eventually(lambda: processed(client, path), "some rows are done")

    worker.terminate()
    before = client.get(path).document["data"]["attributes"]
    host.stack.manage("migrate", "--verbosity", "0")
    worker.start()
    after = client.finished(path.rpartition("/")[2])["attributes"]

    assert before["status"] == "in_progress"
    assert 0 < before["processed_count"] < ROWS
    assert (after["status"], after["created_count"], after["errors_count"]) == (
        "completed",
        ROWS,
        0,
    )


def processed(client: Api, path: str) -> int:
    shown = client.get(f"{path}?fields[imports]=processed_count").document
    return int(shown["data"]["attributes"]["processed_count"])


def test_the_unit_starts_the_worker_that_is_listed() -> None:
    units = re.findall(rf"^ExecStart=/srv/imports/{PYTHON}(.+)$", documents.OPERATORS, re.MULTILINE)

    assert units == [PROCESSES["worker"]]


def test_every_command_of_the_guide_exists() -> None:
    named = set(COMMAND.findall(documents.OPERATORS))

    assert {"show_settings", "check_health"} <= named
    assert named <= get_commands().keys()
