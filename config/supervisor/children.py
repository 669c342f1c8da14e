"""The processes of the service, kept alive."""

import contextlib
import logging
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from functools import partial

from config.supervisor.lifeline import die_with_parent
from config.supervisor.signs import Sign

logger = logging.getLogger("supervisor")

FIRST_PAUSE = 0.5  # seconds before a process that died is started again; doubled at each death
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0  # a process that lived longer gets the first pause again
# Seconds until a process's first sign of life; doubled whenever it takes longer, so that a slow
# machine gets there, too.
START_SECONDS = 60.0
LONGEST_START = 600.0


class Child:
    """A process, in a group of its own, that is started again when it ends or falls silent.

    `environment` is added to that of this process. `die_by` is the signal that the kernel sends it
    when this process is killed.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        sign: Sign,
        *,
        environment: Mapping[str, str] | None = None,
        die_by: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self._command = command
        self._sign = sign
        self._environment = environment or {}
        self._die_by = die_by
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_at = 0.0
        self._deadline = 0.0
        self._pause = FIRST_PAUSE
        self._start_seconds = START_SECONDS
        self._is_up = False

    def tend(self) -> None:
        """Check on it, and start it if it isn't running and its pause is over; called often."""
        if self._process is not None:
            self._check(self._process)
        if self._process is None and time.monotonic() >= self._start_at:
            self._start()

    def wait_anew(self) -> None:
        """Give it its full time again, after a while in which nobody could check on it."""
        self._deadline = max(self._deadline, time.monotonic() + self._sign.patience)

    def terminate(self) -> None:
        """Ask it to end once it has finished its work in hand."""
        if self._process is not None:
            self._process.terminate()

    def ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def kill(self) -> None:
        """End it and whatever it has forked at once."""
        if self._process is not None:
            _kill_group(self._process.pid)
            self._process.wait()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            self._command,
            env={**os.environ, **self._environment},
            process_group=0,
            preexec_fn=partial(die_with_parent, os.getpid(), self._die_by),  # noqa: PLW1509  (one thread)
        )
        self._sign.seen()  # drops what a former process left behind
        self._is_up = False
        self._started_at = time.monotonic()
        self._deadline = self._started_at + max(self._start_seconds, self._sign.patience)
        logger.info("%s started, process %d.", self.name, self._process.pid)

    def _check(self, process: subprocess.Popen[bytes]) -> None:
        if process.poll() is not None:
            self._clear_away(process, f"ended with {process.returncode}")
        elif self._sign.seen():
            self._is_up = True
            self._deadline = time.monotonic() + self._sign.patience
        elif time.monotonic() > self._deadline:
            self._clear_away(process, f"gave no sign of life ({self._sign.name}) and was killed")
            if not self._is_up:
                self._start_seconds = min(2 * self._start_seconds, LONGEST_START)

    def _clear_away(self, process: subprocess.Popen[bytes], what: str) -> None:
        _kill_group(process.pid)
        process.wait()
        now = time.monotonic()
        if now - self._started_at > STEADY_SECONDS:
            self._pause = FIRST_PAUSE
        logger.error("%s %s; it is started again in %.1f s.", self.name, what, self._pause)
        self._start_at = now + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        self._process = None


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
