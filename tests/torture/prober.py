"""How long answers to one request take, whatever others do meanwhile."""

import statistics
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context

from tests.acceptance.api import Api

PROBE_SECONDS = 0.2  # between an answer and the next question
PATIENCE = 10.0  # seconds, for an answer


@dataclass
class Probes:
    """Of one path.

    Attributes:
        seconds: how long each answer took.
        failed: how many were none.
    """

    path: str
    failed: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def worst(self) -> float:
        return max(self.seconds)

    def ask(self, request: urllib.request.Request) -> None:
        """Ask once, on a new connection."""
        began = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                answer.read()
        except OSError:
            self.failed += 1
        self.seconds.append(time.monotonic() - began)


class Prober:
    """Asks from a process of its own: what the asker's interpreter is busy with doesn't count."""

    def __init__(self, api: Api, path: str) -> None:
        self._ask: Callable[[float], Probes] = partial(_probe, api.url, api.token, path)
        self._process = ProcessPoolExecutor(1, get_context("spawn"))
        self._process.submit(int).result()  # it has started
        self._probes: Future[Probes] | None = None

    def start(self, seconds: float) -> None:
        """Ask for that long."""
        self._probes = self._process.submit(self._ask, seconds)

    def result(self) -> Probes:
        """Waits for the end."""
        assert self._probes is not None, "it was not started"
        with self._process:
            return self._probes.result()


def _probe(url: str, token: str | None, path: str, seconds: float) -> Probes:
    request = urllib.request.Request(url + path, headers={"Authorization": f"Bearer {token}"})
    probes = Probes(path)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        probes.ask(request)
        time.sleep(PROBE_SECONDS)
    return probes
