"""The processes under torture: a web server, several workers and beat."""

import math
import signal
import time
from collections.abc import Mapping
from pathlib import Path

import psutil

from config.sockets import make_socket_folder
from config.supervisor.signs import Notice
from tests.acceptance.api import Api
from tests.acceptance.processes import Process, clean_environment, descendants, eventually, run
from tests.acceptance.stack import BEAT, WEB, WORKER
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
SILENCE = 20.0  # seconds without a sign of life, after which a worker is taken for dead
START_SECONDS = 60.0  # until its first one


class Fleet:
    """Web, workers and beat over one data directory, database and broker.

    Everything is started and stopped by the thread that tends it: the kernel ends a process when
    the thread that started it ends.

    Attributes:
        late: how many workers did not end although told to.
        silent: how many workers were killed because they gave no sign of life.
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
        self.beat = self._process(folder / "beat.log", *BEAT)
        self.workers: list[Process] = []
        self._signs: dict[Process, Notice] = {}
        for n in range(workers):
            self._add_worker(folder / f"worker-{n}.log", f"torture-{n}")
        self.late = self.silent = 0
        self._ending: dict[Process, float] = {}
        self._deaf: set[Process] = set()
        self._up: set[Process] = set()
        self._dead_at: dict[Process, float] = {}

    def _process(self, log: Path, *module: str, **more: str) -> Process:
        return Process(*module, environment={**self.environment, **more}, log=log)

    def _add_worker(self, log: Path, name: str) -> None:
        sockets = make_socket_folder(Path(self.environment["IMPORTS_DATA_DIR"]))
        path = sockets / f"{name}.notify"
        worker = self._process(log, *WORKER, "-n", name, NOTIFY_SOCKET=str(path))
        self._signs[worker] = Notice(path, patience=SILENCE)
        self.workers.append(worker)

    def start(self) -> None:
        run("django", "migrate", "--verbosity", "0", environment=self.environment)
        for process in self._all():
            self._start(process)
        eventually(self.api.is_ready, "web, workers and beat are ready")

    def tend(self) -> None:
        """Start again what has ended or is silent; to be called often."""
        for process in self._all():
            if not process.ended() and time.monotonic() > self._ending.get(process, math.inf):
                self.late += 1
                kill_family(process)
            if not process.ended() and self._is_silent(process):
                self.silent += 1
                kill_family(process)
            if process.ended():
                self._start(process)

    def workers_at_work(self) -> list[Process]:
        """Those that have given a sign of life and weren't deafened.

        Killed before, none of them would ever get to work on a slow machine. The deaf ones are left
        for the judge of signs to find.
        """
        return [worker for worker in self.workers if worker in self._up - self._deaf]

    def end(self, worker: Process) -> bool:
        """SIGTERM; returns whether it is the first that it gets."""
        if worker.ended() or worker in self._ending:
            return False
        self._ending[worker] = time.monotonic() + END_SECONDS
        worker.signal_end()
        return True

    def deafen(self, worker: Process) -> bool:
        """SIGSTOP for its main process, which takes no message any more; whether it took some.

        One at a time: the others have the work of all.
        """
        if worker.ended() or worker in self._ending or self._deaf:
            return False
        self._deaf.add(worker)
        psutil.Process(worker.pid).send_signal(signal.SIGSTOP)
        return True

    def stop(self) -> None:
        """Kill whatever runs: by now there is nothing that could be lost."""
        for process in self._all():
            if not process.ended():
                kill_family(process)

    def _all(self) -> list[Process]:
        return [self.web, self.beat, *self.workers]

    def _start(self, process: Process) -> None:
        self._ending.pop(process, None)
        self._deaf.discard(process)
        self._up.discard(process)
        process.start()
        if process in self._signs:
            self._signs[process].seen()  # what a former process left behind
            self._dead_at[process] = time.monotonic() + START_SECONDS

    def _is_silent(self, process: Process) -> bool:
        if process in self._signs and self._signs[process].seen():
            self._dead_at[process] = time.monotonic() + SILENCE
            self._up.add(process)
        return time.monotonic() > self._dead_at.get(process, math.inf)


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
    """SIGKILL one of the processes that it has forked.

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
