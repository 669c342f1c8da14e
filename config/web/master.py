"""Keeps the web processes alive until a signal says to end."""

import gc
import logging
import os
import signal
import time
from collections.abc import Callable
from types import FrameType

from config.silence import SILENCE_SECONDS
from config.supervisor.lifeline import die_with_parent
from config.web.pulse import Pulse

logger = logging.getLogger("web")

TICK_SECONDS = 0.1
STOP_SECONDS = 12.0  # a process gives its requests ten
PAUSE_SECONDS = 1.0  # from the end of a process to the start of its successor
LATE_SECONDS = 5.0  # after a longer gap between two checks, no silence is held against a process

Beat = Callable[[], None]


class Master:
    """Keeps `processes` forked processes running, each of which runs `work`.

    `work` is given a function that it has to call every PULSE_SECONDS. A process that hasn't called
    it for `patience` seconds is killed.
    """

    def __init__(
        self, work: Callable[[Beat], None], processes: int, patience: float = SILENCE_SECONDS
    ) -> None:
        self._work = work
        self._processes = processes
        self._patience = patience
        self._pulses: dict[int, Pulse] = {}  # by process
        self._start_at = 0.0
        self._looked_at = time.monotonic()
        self._stopping = False

    def run(self) -> None:
        """Return when a signal has come and all processes have ended."""
        # What is loaded stays: a full collection of it would block the event loop for tenths of a
        # second, and copy the memory that the processes share.
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
        self._check_pulses()
        for pid, status in self._reap():
            logger.error("The web process %d ended (%s).", pid, status)
            self._start_at = time.monotonic() + PAUSE_SECONDS
        if time.monotonic() >= self._start_at:
            while len(self._pulses) < self._processes:
                self._fork()

    def _check_pulses(self) -> None:
        now = time.monotonic()
        for pid, pulse in self._pulses.items():
            if now > self._looked_at + LATE_SECONDS:
                pulse.wait_anew()
            if pulse.is_missed():
                logger.error("The web process %d gave no sign of life and is killed.", pid)
                os.kill(pid, signal.SIGKILL)
                pulse.wait_anew()  # it is dead, and will be reaped soon
        self._looked_at = now

    def _fork(self) -> None:
        master, pulse = os.getpid(), Pulse(self._patience)
        pid = os.fork()
        if pid:
            self._pulses[pid] = pulse
            return
        code = 1
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until the loop handles it
            die_with_parent(master)
            self._work(pulse.beat)
            code = 0
        except BaseException:
            logger.exception("The web process can't go on.")
        finally:
            logging.shutdown()
            os._exit(code)  # a thread that waits for a database must not keep the process

    def _reap(self) -> list[tuple[int, int]]:
        """Return the processes that have ended since the last call, with their exit codes."""
        ended = []
        for pid in list(self._pulses):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                self._pulses.pop(pid).close()
                ended.append((pid, os.waitstatus_to_exitcode(status)))
        return ended

    def _end(self) -> None:
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while self._pulses and time.monotonic() < deadline:
            self._reap()
            time.sleep(TICK_SECONDS)
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        for pid in self._pulses:  # none was reaped, so no pid belongs to another process yet
            os.kill(pid, number)
