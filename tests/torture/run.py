"""One torture from beginning to end."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from tests.acceptance.api import FINAL, Api
from tests.acceptance.processes import clean_environment, run
from tests.torture.backends import BACKENDS
from tests.torture.clients import Client
from tests.torture.comparing import differences, faults
from tests.torture.disturber import Disturber
from tests.torture.fleet import HASTE, Fleet
from tests.torture.orders import CLIENTS, MODES

TICK = 0.02  # seconds
END_SECONDS = 300  # for the imports in hand, and as long again for a slow machine's clients
SCOPES = "imports:read imports:write imports:cleanup"
EVIDENCE = 1_000


class Torture:
    """Call it once; returns what is wrong, a line each.

    Attributes:
        counts: what was done, for the summary.
    """

    def __init__(self, folder: Path, *, backend: str, seconds: float, seed: int) -> None:
        self._folder = folder
        self._seconds = seconds
        self._seed = seed
        self._backend = BACKENDS[backend](folder)
        self._clients: list[Client] = []
        self._late = 0
        self.counts: dict[str, int] = {}

    def __call__(self) -> list[str]:
        try:
            self._backend.start()
            with self._fleet() as fleet:
                self._torture(fleet)
            return list(islice(self._judge(), EVIDENCE))
        finally:
            self._backend.stop()

    @contextmanager
    def _fleet(self) -> Iterator[Fleet]:
        environment = self._backend.environment("tortured")
        fleet = Fleet(self._folder, environment, workers=self._backend.workers)
        try:
            fleet.start()
            yield fleet
        finally:
            fleet.stop()

    def _torture(self, fleet: Fleet) -> None:
        apis = {(mode, number): self._sign_in(fleet, mode) for mode in MODES for number in CLIENTS}
        self._clients = [
            Client(api, seed=self._seed, mode=mode, number=number)
            for (mode, number), api in apis.items()
        ]
        for client in self._clients:
            client.prepare()
        disturber = Disturber(fleet, self._backend, self._clients, Random(self._seed))
        for client in self._clients:
            client.start()
        self._until(time.monotonic() + self._seconds, fleet, disturber)
        for client in self._clients:
            client.stop()
        end = time.monotonic() + END_SECONDS
        while time.monotonic() < end and any(client.is_alive() for client in self._clients):
            self._tick(fleet)
        while time.monotonic() < end and any(map(_has_active, apis.values())):
            self._tick(fleet)
        self.counts |= disturber.counts
        self.counts["silent workers killed"] = fleet.silent
        self._late = fleet.late

    def _sign_in(self, fleet: Fleet, mode: str) -> Api:
        options = ("--mode", mode, "--scopes", SCOPES, "--json")
        made = run("django", "create_client", "torture", *options, environment=fleet.environment)
        return fleet.api.signed_in(json.loads(made))

    def _until(self, end: float, fleet: Fleet, disturber: Disturber) -> None:
        while time.monotonic() < end:
            disturber()
            self._tick(fleet)

    def _tick(self, fleet: Fleet) -> None:
        fleet.tend()
        for client in self._clients:
            if client.failure is not None:
                raise client.failure
        time.sleep(TICK)

    def _judge(self) -> Iterator[str]:
        """Carry the same out undisturbed and compare."""
        yield from ["a worker that was told to end did not"] * self._late
        actual = self._outcome("outcome", "tortured")
        imports = actual["imports"]
        self.counts |= {
            "imports": len(imports),
            "completed": sum(each["status"] == "completed" for each in imports),
            "rows": sum(each["inputs_size"] for each in imports),
        }
        yield from faults(
            actual, {key: id_ for each in self._clients for key, id_ in each.answered()}
        )
        labels = self._folder / "labels.json"
        labels.write_text(json.dumps([[each["mode"], each["reference"]] for each in imports]))
        expected = self._outcome("reference", "expected", str(self._seed), str(labels))
        self.counts["records"] = sum(map(len, actual["tables"].values()))
        yield from differences(actual, expected)

    def _outcome(self, module: str, database: str, *arguments: str) -> Any:
        environment = clean_environment() | self._backend.environment(database)
        if database == "expected":
            environment["CELERY_BROKER_URL"] = "memory://"  # nobody shall hear of these
            # Rows of one chunk may exchange values: cut otherwise, others would do so.
            environment["IMPORTS_CHUNK_ROWS"] = HASTE["IMPORTS_CHUNK_ROWS"]
        printed = run(f"tests.torture.{module}", *arguments, environment=environment)
        (self._folder / f"{database}.json").write_text(printed)
        return json.loads(printed)


def _has_active(api: Api) -> bool:
    path = f"/api/imports?filter[q][status_not_in]={','.join(FINAL)}&fields[imports]=status"
    try:
        answer = api.get(path)
    except OSError:
        return True
    return answer.status != 200 or bool(answer.document["meta"]["record_count"])
