"""One torture from beginning to end."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from tests.acceptance.api import FINAL, Api
from tests.acceptance.processes import clean_environment, run
from tests.torture import deliveries
from tests.torture.backends import BACKENDS
from tests.torture.clients import Client
from tests.torture.comparing import differences, faults
from tests.torture.credentials import NAMES
from tests.torture.deliveries import Receiver, all_told
from tests.torture.disturber import Disturber
from tests.torture.fleet import HASTE, Fleet, kill_family
from tests.torture.orders import CLIENTS, MODES
from tests.torture.report import Report

TICK = 0.02  # seconds
END_SECONDS = 300  # for the imports in hand, and as long again for a slow machine's clients
EVIDENCE = 1_000


class Torture:
    """Call it once; returns what is wrong, a line each.

    Attributes:
        report: what was done and what came of it.
    """

    def __init__(self, folder: Path, *, backend: str, seconds: float, seed: int) -> None:
        self._folder = folder
        self._seconds = seconds
        self._seed = seed
        self._backend = BACKENDS[backend](folder)
        self._receiver = Receiver(folder)
        self._clients: list[Client] = []
        self._late = 0
        self.report = Report(backend, seconds, seed, self._backend.goals)

    def __call__(self) -> list[str]:
        try:
            self._backend.start()
            self._backend.migrate()
            with self._fleet() as fleet:
                self._torture(fleet)
            return list(islice(self._judge(), EVIDENCE))
        finally:
            self._receiver.stop()
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
        apis = self._sign_in(fleet)
        for mode in MODES:
            self._receiver.subscribe(apis[mode, CLIENTS[0]])
        self._clients = [
            Client(api, seed=self._seed, mode=mode, number=number)
            for (mode, number), api in apis.items()
        ]
        for client in self._clients:
            client.prepare()
        for client in self._clients:
            client.start()
        self._do_harm(fleet)
        for client in self._clients:
            client.stop()
        self._await(fleet, lambda: not any(client.is_alive() for client in self._clients))
        self._await(fleet, lambda: not any(map(_has_active, apis.values())))
        self._deliver_the_rest(fleet, [apis[mode, CLIENTS[0]] for mode in MODES])
        self._late = fleet.late

    def _sign_in(self, fleet: Fleet) -> dict[tuple[str, int], Api]:
        """The API as each client sees it, by the client's mode and number."""
        made = json.loads(run("tests.torture.credentials", environment=fleet.environment))
        return {
            name: fleet.api.signed_in(credentials)
            for name, credentials in zip(NAMES, made, strict=True)
        }

    def _do_harm(self, fleet: Fleet) -> None:
        random = Random(self._seed)
        disturber = Disturber(fleet, self._backend, self._clients, self._receiver, random)
        end = time.monotonic() + self._seconds
        last = end + END_SECONDS
        while (now := time.monotonic()) < end or (now < last and not disturber.did_some_of_each()):
            disturber()
            self._tick(fleet)
        self.report.harm = {**disturber.counts, "silent processes killed": fleet.silent}

    def _deliver_the_rest(self, fleet: Fleet, apis: list[Api]) -> None:
        for sender in fleet.senders:
            kill_family(sender)
        run("tests.torture.later", environment=fleet.environment)
        self._receiver.calm()
        self._await(fleet, lambda: all(map(all_told, apis)))

    def _await(self, fleet: Fleet, done: Callable[[], bool]) -> None:
        """Go on until that is so; whatever isn't done in time is found by the judgement."""
        end = time.monotonic() + END_SECONDS
        while not done() and time.monotonic() < end:
            self._tick(fleet)

    def _tick(self, fleet: Fleet) -> None:
        fleet.tend()
        self._receiver.tend()
        for client in self._clients:
            if client.failure is not None:
                raise client.failure
        time.sleep(TICK)

    def _judge(self) -> Iterator[str]:
        """Carry out the same orders undisturbed, and compare."""
        yield from ["a worker that was told to end did not"] * self._late
        yield from self.report.missed()
        actual = self._outcome("outcome", "tortured")
        yield from self._judge_deliveries(actual)
        yield from faults(actual, self._clients)
        imports = self._folder / "imports.json"
        imports.write_text(json.dumps(actual["imports"]))
        expected = self._outcome("reference", "expected", str(self._seed), str(imports))
        self.report.note(actual)
        yield from differences(actual, expected)

    def _judge_deliveries(self, actual: Any) -> Iterator[str]:
        received = self._receiver.received()
        self.report.callbacks = deliveries.figures(actual, received)
        yield from deliveries.lost(actual, received)
        yield from deliveries.wrong(actual, received)
        deleted = [id_ for client in self._clients for id_ in client.deleted]
        yield from deliveries.missing_events(actual, deleted)

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
