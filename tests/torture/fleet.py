"""The processes under torture: a web server and several workers, each with beat."""

import math
import time
from collections.abc import Mapping
from pathlib import Path

import psutil

from tests.acceptance.api import Api
from tests.acceptance.processes import Process, descendants, eventually, run
from tests.acceptance.stack import WEB, WORKER, clean_environment
from tests.servers import free_port

# So short that there is much to interrupt, and that what is orphaned is soon taken over.
HASTE = {
    "IMPORTS_LEASE_SECONDS": "2",
    "IMPORTS_SWEEP_SECONDS": "1",
    "IMPORTS_SLICE_SECONDS": "0.4",
    "IMPORTS_CHUNK_ROWS": "25",
    "IMPORTS_CLEANUP_ROWS": "10",
    "IMPORTS_LOG_LEVEL": "WARNING",
}


END_SECONDS = 30  # from SIGTERM to the end of a worker, at the most


class Fleet:
    """Web and workers over one data directory, database and broker.

    Everything is started and stopped by the thread that tends it: the kernel ends a process when
    the thread that started it ends.

    Attributes:
        late: how many workers did not end although told to.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], *, workers: int) -> None:
        port = free_port()
        self.environment = clean_environment() | {
            "PORT": str(port),
            **HASTE,
            **environment,
        }
        self.api = Api(f"http://127.0.0.1:{port}")
        self.web = self._process(folder / "web.log", *WEB)
        self.workers = [
            self._process(folder / f"worker-{n}.log", *WORKER, "-n", f"torture-{n}")
            for n in range(workers)
        ]
        self.late = 0
        self._ending: dict[Process, float] = {}

    def _process(self, log: Path, *module: str) -> Process:
        return Process(*module, environment=self.environment, log=log)

    def start(self) -> None:
        run("django", "migrate", "--verbosity", "0", environment=self.environment)
        for process in (self.web, *self.workers):
            process.start()
        eventually(self.api.is_ready, "web and workers are ready")

    def tend(self) -> None:
        """Start again what has ended; to be called often."""
        for process in (self.web, *self.workers):
            if not process.ended() and time.monotonic() > self._ending.get(process, math.inf):
                self.late += 1
                kill_family(process)
            if process.ended():
                self._ending.pop(process, None)
                process.start()

    def end(self, worker: Process) -> bool:
        """SIGTERM; returns whether it is the first that it gets."""
        if worker.ended() or worker in self._ending:
            return False
        self._ending[worker] = time.monotonic() + END_SECONDS
        worker.signal_end()
        return True

    def stop(self) -> None:
        """Kill whatever runs: by now there is nothing that could be lost."""
        for process in (self.web, *self.workers):
            if not process.ended():
                kill_family(process)


def kill_family(process: Process) -> bool:
    """SIGKILL the process and all that it has forked, as a machine that goes down would.

    Returns whether there was anything to kill.
    """
    try:
        family = descendants(process.pid)
    except psutil.NoSuchProcess:
        return False
    for member in family:
        _kill(member)
    process.wait()
    return True


def kill_child(process: Process, choice: float) -> bool:
    """SIGKILL one of the processes that it has forked: a pool process, or its beat.

    `choice`, from 0 to below 1, says which. Returns whether there was one.
    """
    try:
        children = psutil.Process(process.pid).children()
    except psutil.NoSuchProcess:
        return False
    if not children:
        return False
    _kill(children[int(choice * len(children))])
    return True


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return
