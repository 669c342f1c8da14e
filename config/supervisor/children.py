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

FIRST_PAUSE = 0.5  # seconds before a process that died is started again, doubled each time …
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0  # … until one has lived for so long
START_SECONDS = 60.0  # that it may take until its first sign of life, doubled each time …
LONGEST_START = 600.0  # … that it took longer: a slow machine has to get there, too


class Child:
    """A process in a group of its own that is started again when it ends, or gives no sign of life.

    `environment` is what it has besides that of this process. With `die_by` the kernel ends it
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
        self._dead_at = 0.0
        self._pause = FIRST_PAUSE
        self._start_seconds = START_SECONDS
        self._is_up = False

    def tend(self) -> None:
        """Judge it, and start it if it is not running and its pause is over; to be called often."""
        if self._process is not None:
            self._judge(self._process)
        if self._process is None and time.monotonic() >= self._start_at:
            self._start()

    def forgive(self) -> None:
        """Begin to wait anew: it could not be looked at for a while."""
        self._dead_at = max(self._dead_at, time.monotonic() + self._sign.patience)

    def terminate(self) -> None:
        """Ask it to finish what it has in hand and end."""
        if self._process is not None:
            self._process.terminate()

    def ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def kill(self) -> None:
        """End it and whatever it has forked, at once."""
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
        self._sign.seen()  # what a former process left behind
        self._is_up = False
        self._started_at = time.monotonic()
        self._dead_at = self._started_at + max(self._start_seconds, self._sign.patience)
        logger.info("%s started, process %d.", self.name, self._process.pid)

    def _judge(self, process: subprocess.Popen[bytes]) -> None:
        if process.poll() is not None:
            self._bury(process, f"ended with {process.returncode}")
        elif self._sign.seen():
            self._is_up = True
            self._dead_at = time.monotonic() + self._sign.patience
        elif time.monotonic() > self._dead_at:
            self._bury(process, f"gave no sign of life ({self._sign.name}) and was killed")
            if not self._is_up:
                self._start_seconds = min(2 * self._start_seconds, LONGEST_START)

    def _bury(self, process: subprocess.Popen[bytes], what: str) -> None:
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
