"""Signs of life of a web process, for the one that has forked it."""

import contextlib
import os
import time


class Pulse:
    """A pipe between the two, to be made before the fork.

    `patience` is how many seconds of silence are too long.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._ends = self._out, self._in = os.pipe()
        for end in self._ends:
            os.set_blocking(end, False)
        self.forgive()

    def beat(self) -> None:
        """Say that the process lives; never wait."""
        with contextlib.suppress(BlockingIOError, BrokenPipeError):  # enough are there, or nobody
            os.write(self._in, b".")

    def is_missed(self) -> bool:
        """Return whether it has been silent for too long; to be called often."""
        with contextlib.suppress(BlockingIOError):
            os.read(self._out, 4_096)
            self.forgive()
        return time.monotonic() > self._dead_at

    def forgive(self) -> None:
        """Begin to wait anew."""
        self._dead_at = time.monotonic() + self._patience

    def close(self) -> None:
        """Close the pipe, once the process is dead."""
        for end in self._ends:
            os.close(end)
