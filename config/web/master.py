"""Keeps the web processes alive until a signal says to end."""

import gc
import logging
import os
import signal
import time
from collections.abc import Callable
from types import FrameType

from config.supervisor.lifeline import die_with_parent

logger = logging.getLogger("web")

TICK_SECONDS = 0.1
STOP_SECONDS = 12.0  # a process gives its requests ten
PAUSE_SECONDS = 1.0  # between the starts of processes that die


class Master:
    """Forks so many processes, each of which runs `work`, and another one for each that ends."""

    def __init__(self, work: Callable[[], None], processes: int) -> None:
        self._work = work
        self._processes = processes
        self._pids: set[int] = set()
        self._start_at = 0.0
        self._stopping = False

    def run(self) -> None:
        """Returns once a signal came and all processes have ended."""
        # What is loaded stays: a full collection that went through it all would take the event
        # loop's turn for tenths of a second, and copy the memory that the processes share.
        gc.collect()
        gc.freeze()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        while not self._stopping:
            self._tend()
            time.sleep(TICK_SECONDS)
        self._end()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _tend(self) -> None:
        for pid, status in self._ended():
            logger.error("The web process %d ended (%s).", pid, status)
            self._start_at = time.monotonic() + PAUSE_SECONDS
        if time.monotonic() >= self._start_at:
            while len(self._pids) < self._processes:
                self._pids.add(self._fork())

    def _fork(self) -> int:
        master = os.getpid()
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until the loop handles it
            die_with_parent(master)
            self._work()
            code = 0
        except BaseException:
            logger.exception("The web process can't go on.")
        finally:
            logging.shutdown()
            os._exit(code)  # a thread that waits for a database must not keep it

    def _ended(self) -> list[tuple[int, int]]:
        """The processes that ended since last asked for, with their exit codes."""
        ended = []
        for pid in list(self._pids):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                self._pids.discard(pid)
                ended.append((pid, os.waitstatus_to_exitcode(status)))
        return ended

    def _end(self) -> None:
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while self._pids and time.monotonic() < deadline:
            self._ended()
            time.sleep(TICK_SECONDS)
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        for pid in self._pids:  # each is ours still: nobody has waited for it
            os.kill(pid, number)
