"""The processes of the service, kept alive."""

import contextlib
import logging
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from functools import partial

from config.supervisor.lifeline import die_with_parent

logger = logging.getLogger("supervisor")

FIRST_PAUSE = 0.5  # seconds before a process that died is started again, doubled each time …
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0  # … until one has lived for so long


class Child:
    """A process in a group of its own that is started again whenever it ends."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_at = 0.0
        self._pause = FIRST_PAUSE

    def tend(self) -> None:
        """Start it if it is not running and its pause is over; to be called often."""
        if self._process is not None and self._process.poll() is not None:
            self._bury(self._process)
        if self._process is None and time.monotonic() >= self._start_at:
            self._start()

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
            process_group=0,
            preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509  (one thread)
        )
        self._started_at = time.monotonic()
        logger.info("%s started, process %d.", self.name, self._process.pid)

    def _bury(self, process: subprocess.Popen[bytes]) -> None:
        _kill_group(process.pid)
        now = time.monotonic()
        if now - self._started_at > STEADY_SECONDS:
            self._pause = FIRST_PAUSE
        logger.error(
            "%s ended with %d; it is started again in %.1f s.",
            self.name,
            process.returncode,
            self._pause,
        )
        self._start_at = now + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        self._process = None


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
