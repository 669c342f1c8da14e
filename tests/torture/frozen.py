"""Servers that stand still: `python -m tests.torture.frozen` prints the worst times meanwhile.

PostgreSQL and then Redis are stopped by SIGSTOP while requests wait for them and an import runs. It
takes about two minutes, and ends with 1 if a target is missed.
"""

import json
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

from tests.acceptance.api import Api
from tests.acceptance.processes import eventually
from tests.acceptance.rows import sku_rows
from tests.acceptance.stack import Stack
from tests.torture.servers import PostgreSQL, Redis

REQUESTS = 50
TARGETS = {
    "healthz while requests wait": 1.0,
    "a request that waits for PostgreSQL": 15.0,
    "a request just after": 1.0,
    "readyz": 15.0,
    "a POST while Redis stands still": 3.0,
    "the POSTs after it": 1.0,
}


class Frozen:
    """A stack of the service with servers of its own, which can be stopped and go on.

    Attributes:
        worst: the longest time of each kind, in seconds.
        wrong: what was not as it should be.
    """

    def __init__(self, folder: Path) -> None:
        self.postgresql = PostgreSQL(folder)
        self.redis = Redis(folder)
        self.worst: dict[str, float] = {}
        self.wrong: list[str] = []
        environment = {
            "DATABASE_URL": self.postgresql.url("tortured"),
            "CELERY_BROKER_URL": self.redis.url,
            "CELERY_TASK_DEFAULT_QUEUE": "frozen",
        }
        data = folder / "data"
        data.mkdir()
        self.stack = Stack(data, environment, is_migrated=True)

    def __call__(self) -> None:
        """All of it, one after the other."""
        with self.running():
            self.freeze_postgresql()
            self.freeze_redis()
        self.wrong += [
            f"{kind}: {seconds:.2f} s, not {TARGETS[kind]:.0f}"
            for kind, seconds in self.worst.items()
            if seconds > TARGETS[kind]
        ]

    @contextmanager
    def running(self) -> Iterator[None]:
        """The servers and the processes; nothing of them is left afterwards."""
        try:
            self.postgresql.create()
            self.redis.start()
            self.stack.start()
            yield
        finally:
            self.postgresql.thaw()
            self.redis.thaw()
            self.stack.stop()
            self.redis.stop()
            self.postgresql.stop()

    def freeze_postgresql(self) -> None:
        """While an import runs and many requests come; then it goes on."""
        client = self.stack.client()
        import_ = client.create_import("skus", sku_rows(20_000))
        self.postgresql.freeze()
        try:
            with self.watching_healthz():
                statuses = self.asked(
                    "a request that waits for PostgreSQL", REQUESTS, lambda: _list(client)
                )
            self.expect("the waiting requests", statuses, {503})
            statuses = self.asked("a request just after", 10, lambda: _list(client))
            self.expect("the requests just after", statuses, {503})
            self.expect("readyz", self.asked("readyz", 1, self.ready), {503})
        finally:
            self.postgresql.thaw()
        eventually(lambda: _list(client) == 200, "requests are answered again")
        status = client.finished(import_["id"])["attributes"]["status"]
        if status != "completed":
            self.wrong.append(f"the import is {status}")

    def freeze_redis(self) -> None:
        """Imports are taken all the same, and carried out once it goes on."""
        client = self.stack.client()
        made: list[str] = []

        def post() -> int:
            made.append(client.create_import("skus", sku_rows(1))["id"])
            return 201

        self.redis.freeze()
        try:
            self.expect("a POST", self.asked("a POST while Redis stands still", 1, post), {201})
            for _ in range(10):
                self.expect("a POST", self.asked("the POSTs after it", 1, post), {201})
        finally:
            self.redis.thaw()
        for id_ in made:
            client.finished(id_)

    def asked(self, kind: str, count: int, ask: Callable[[], int]) -> list[int]:
        """The statuses of so many requests at once; 0 for one that was not answered."""

        def timed() -> int:
            start = time.monotonic()
            try:
                return ask()
            except OSError:
                return 0
            finally:
                self.note(kind, time.monotonic() - start)

        with ThreadPoolExecutor(count) as pool:
            futures: list[Future[int]] = [pool.submit(timed) for _ in range(count)]
            return [future.result() for future in futures]

    def note(self, kind: str, seconds: float) -> None:
        self.worst[kind] = max(seconds, self.worst.get(kind, 0.0))

    def expect(self, what: str, statuses: list[int], wanted: set[int]) -> None:
        if set(statuses) != wanted:
            self.wrong.append(f"{what}: {sorted(set(statuses))}, not {sorted(wanted)}")

    @contextmanager
    def watching_healthz(self) -> Iterator[None]:
        """Asks over and over, on connections of its own."""
        over = Event()

        def watch() -> None:
            while not over.wait(0.1):
                statuses = self.asked("healthz while requests wait", 1, self.healthy)
                self.expect("healthz", statuses, {200})

        watcher = Thread(target=watch)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()

    def healthy(self) -> int:
        return self.stack.api.get("/healthz").status

    def ready(self) -> int:
        return self.stack.api.get("/readyz").status


def _list(client: Api) -> int:
    return client.get("/api/imports?fields[imports]=status").status


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="imports-frozen-"))
    folder.chmod(0o755)  # PostgreSQL may run as somebody else
    frozen = Frozen(folder)
    frozen()
    summary: dict[str, Any] = {kind: round(seconds, 2) for kind, seconds in frozen.worst.items()}
    sys.stdout.write(json.dumps({**summary, "wrong": frozen.wrong}, indent=2) + "\n")
    shutil.rmtree(folder, ignore_errors=True)
    return int(bool(frozen.wrong))


if __name__ == "__main__":
    sys.exit(main())
