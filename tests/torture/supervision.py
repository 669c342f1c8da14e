"""`make run`, each of whose processes is killed or stopped in turn: what `/readyz` says meanwhile.

`python -m tests.torture.supervision` prints a line a second, on the embedded default with the
settings that everybody has. At the moment of each harm an import is created; the service works
again once a new process is there, `/readyz` is ready and that import is final. Ends with 1 if it
didn't within LIMIT seconds.
"""

import signal
import sys
import tempfile
import time
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from typing import Any

import psutil

from tests.acceptance.api import FINAL, Api
from tests.acceptance.processes import eventually
from tests.acceptance.service import Service

LIMIT = 60  # seconds, of targets.md
DEFAULTS = {
    "IMPORTS_LEASE_SECONDS": "30",
    "IMPORTS_SWEEP_SECONDS": "10",
    "IMPORTS_SLICE_SECONDS": "10",
}

Find = Callable[[Service], psutil.Process | None]


def child(name: str) -> Find:
    return lambda service: service.child(name)


def forked_by(name: str) -> Find:
    def find(service: Service) -> psutil.Process | None:
        try:
            parent = service.child(name)
            return next(iter(parent.children()), None) if parent else None
        except psutil.Error:  # it has just ended
            return None

    return find


PROCESSES: dict[str, Find] = {
    "broker": child("valkey-server"),
    "web": child(WEB := "config.web"),
    "web's fork": forked_by(WEB),
    "worker": child("worker"),
    "worker's pool process": forked_by("worker"),
    "beat": child("beat"),
}
HARM = [
    *((signal.SIGKILL, name) for name in PROCESSES),
    *((signal.SIGSTOP, name) for name in ("broker", "worker", "worker's pool process", "beat")),
]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Trial:
    """One harm, and the seconds after it."""

    def __init__(self, service: Service, client: Api) -> None:
        self._service = service
        self._client = client

    def __call__(self, number: signal.Signals, name: str) -> float | None:
        """Seconds until the service works again; None if it doesn't."""
        victim = eventually(lambda: PROCESSES[name](self._service), f"{name} runs")
        say(f"\n{number.name} to {name}, process {victim.pid}")
        victim.send_signal(number)
        began, id_ = time.monotonic(), None
        for second in range(1, LIMIT + 1):
            time.sleep(max(0.0, began + second - time.monotonic()))  # a line a second is the point
            id_ = id_ or self._created()
            state, status = self._readiness(), self._status(id_)
            say(f"{second:4} s  {state}; import {status}")
            if self._has_successor(name, victim) and state == "ready" and status in FINAL:
                return time.monotonic() - began
        return None

    def _has_successor(self, name: str, victim: psutil.Process) -> bool:
        found = PROCESSES[name](self._service)
        return found is not None and found.pid != victim.pid

    def _created(self) -> str | None:
        try:
            return str(self._client.create_import("tags", [{"name": "supervision"}])["id"])
        except (OSError, HTTPException):
            return None

    def _readiness(self) -> str:
        document = self._asked("/readyz")
        if document is None:
            return "no answer"
        wrong = {name: text for name, text in document["components"].items() if text != "ok"}
        return ", ".join(f"{name} {text}" for name, text in wrong.items()) or "ready"

    def _status(self, id_: str | None) -> str:
        document = self._asked(f"/api/imports/{id_}") if id_ else None
        return str(document["data"]["attributes"]["status"]) if document else "unknown"

    def _asked(self, path: str) -> Any:
        try:
            return self._client.get(path).document
        except (OSError, HTTPException, ValueError):
            return None


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="imports-supervision-") as folder:
        service = Service(Path(folder) / "data", **DEFAULTS)
        try:
            service.start()
            trial = Trial(service, service.client())
            outcomes = {f"{number.name} to {name}": trial(number, name) for number, name in HARM}
        finally:
            service.process.stop()
        say(service.process.log())
    for harm, seconds in outcomes.items():
        say(f"{harm}: " + ("NOT working again" if seconds is None else f"{seconds:.0f} s"))
    return int(None in outcomes.values())


if __name__ == "__main__":
    sys.exit(main())
