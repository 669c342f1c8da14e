"""Signs of life of a web process, for the master that forked it."""

import contextlib
import os
import time


class Pulse:
    """A pipe from the process to the master, opened before the fork.

    A process that is silent for more than `patience` seconds counts as dead.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._ends = self._out, self._in = os.pipe()
        for end in self._ends:
            os.set_blocking(end, False)
        self.wait_anew()

    def beat(self) -> None:
        """Give a sign of life; never waits."""
        # The pipe is full of signs already, or the master is gone.
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            os.write(self._in, b".")

    def is_missed(self) -> bool:
        """Return whether the process has been silent for too long; called often."""
        with contextlib.suppress(BlockingIOError):
            os.read(self._out, 4_096)
            self.wait_anew()
        return time.monotonic() > self._deadline

    def wait_anew(self) -> None:
        """Give the process its full time again."""
        self._deadline = time.monotonic() + self._patience

    def close(self) -> None:
        """Close the pipe, once the process is dead."""
        for end in self._ends:
            os.close(end)
