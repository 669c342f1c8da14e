"""The processes under torture: a web server, workers, senders and beat."""

import math
import signal
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import psutil

from config.sockets import make_socket_folder
from config.supervisor.signs import Notice
from tests.acceptance.api import Api
from tests.acceptance.processes import Process, clean_environment, descendants, eventually
from tests.acceptance.stack import BEAT, SENDER, WEB, WORKER
from tests.servers import free_port

# So short that there is much to interrupt, and that what is orphaned is soon taken over.
HASTE = {
    "IMPORTS_LEASE_SECONDS": "2",
    "IMPORTS_SWEEP_SECONDS": "1",
    "IMPORTS_SLICE_SECONDS": "0.4",
    "IMPORTS_CHUNK_ROWS": "25",
    "IMPORTS_CLEANUP_ROWS": "10",
    "IMPORTS_LOG_LEVEL": "WARNING",
    "IMPORTS_WEBHOOK_ALLOWED": "127.0.0.0/8",
}
QUEUE = "torture"
SENDERS = 2


END_SECONDS = 30  # from SIGTERM to the end of a worker, at the most
SILENCE = 20.0  # seconds without a sign of life, after which a worker is taken for dead
START_SECONDS = 180.0  # until its first one


class Fleet:
    """Web, workers, senders and beat over one data directory, database and broker.

    Everything is started and stopped by the thread that tends it: the kernel ends a process when
    the thread that started it ends.

    Attributes:
        late: how many workers did not end although told to.
        silent: how many workers and senders were killed because they gave no sign of life.
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
        self._signs: dict[Process, Notice] = {}
        self.workers = [self._watched(folder, f"worker-{n}", *WORKER) for n in range(workers)]
        sender = (*SENDER, f"{QUEUE}-callbacks")
        self.senders = [self._watched(folder, f"sender-{n}", *sender) for n in range(SENDERS)]
        self.late = self.silent = 0
        self._ending: dict[Process, float] = {}
        self._deaf: dict[Process, float] = {}  # since when
        self._up: set[Process] = set()
        self._dead_at: dict[Process, float] = {}

    def _process(self, log: Path, *module: str, **more: str) -> Process:
        return Process(*module, environment={**self.environment, **more}, log=log)

    def _watched(self, folder: Path, name: str, *command: str) -> Process:
        sockets = make_socket_folder(Path(self.environment["IMPORTS_DATA_DIR"]))
        path = sockets / f"{name}.notify"
        log = folder / f"{name}.log"
        process = self._process(log, *command, "-n", f"{name}@torture", NOTIFY_SOCKET=str(path))
        self._signs[process] = Notice(path, patience=SILENCE)
        return process

    def start(self) -> None:
        for process in self._all():
            self._start(process)
        eventually(self._all_up, "web, workers, senders and beat are ready", 2 * START_SECONDS)

    def _all_up(self) -> bool:
        self.tend()
        return self._up >= self._signs.keys() and self.api.is_ready()

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

    def at_work(self, processes: Iterable[Process]) -> list[Process]:
        """Those that have given a sign of life and weren't deafened.

        Killed before, none of them would ever get to work on a slow machine. The deaf ones are left
        for the judge of signs to find.
        """
        return [process for process in processes if process in self._up - self._deaf.keys()]

    def end(self, worker: Process) -> bool:
        """SIGTERM it; returns whether this is the first one that it gets."""
        if worker.ended() or worker in self._ending:
            return False
        self._ending[worker] = time.monotonic() + END_SECONDS
        worker.signal_end()
        return True

    def deafen(self, worker: Process, harm: Callable[[Process], object]) -> bool:
        """Do what keeps it from taking any message; whether it took some before.

        One at a time: the others have the work of all.
        """
        if worker.ended() or worker in self._ending or self._deaf:
            return False
        self._deaf[worker] = time.monotonic()
        harm(worker)
        return True

    def queues_of(self, worker: Process) -> tuple[str, list[str]]:
        """The worker's name among others, and the queues that it takes messages from."""
        name = f"worker-{self.workers.index(worker)}@torture"
        return name, [QUEUE, f"{QUEUE}-{name}"]

    def stop(self) -> None:
        """Kill whatever runs: by now there is nothing that could be lost."""
        for process in self._all():
            if not process.ended():
                kill_family(process)

    def _all(self) -> list[Process]:
        return [self.web, self.beat, *self.workers, *self.senders]

    def _start(self, process: Process) -> None:
        self._ending.pop(process, None)
        self._deaf.pop(process, None)
        self._up.discard(process)
        process.start()
        if process in self._signs:
            self._signs[process].seen()  # what a former process left behind
            self._dead_at[process] = time.monotonic() + START_SECONDS

    def _is_silent(self, process: Process) -> bool:
        if process in self._signs and self._signs[process].seen():
            now = time.monotonic()
            self._dead_at[process] = now + SILENCE
            self._up.add(process)
            # It hears: a broker that was restarted has lost what was to deafen it.
            if now > self._deaf.get(process, math.inf) + SILENCE:
                del self._deaf[process]
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


def stand_still(process: Process) -> None:
    """SIGSTOP it: it stays alive, and does nothing."""
    psutil.Process(process.pid).send_signal(signal.SIGSTOP)


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
