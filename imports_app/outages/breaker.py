"""A circuit breaker: what didn't answer is not waited for again at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic


class Breaker:
    """Closed as long as something answers. Whoever waited in vain opens it for `seconds`; then
    one caller in so many seconds is let through, and closes it if there is an answer.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._lock = Lock()
        self._open_until: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether the last one that was let through got no answer, or has none yet."""
        return self._open_until is not None

    def admits(self) -> bool:
        """Return whether the caller may ask; it has to say then what came of it."""
        with self._lock:
            if self._open_until is None:
                return True
            if monotonic() < self._open_until:
                return False
            self._open_until = monotonic() + self.seconds
            return True

    @contextmanager
    def watching(self, *, patience: float) -> Iterator[None]:
        """Around a wait that was admitted: notes what came of it.

        Who refuses within `patience` seconds may be asked again at once: only a longer wait was in
        vain.
        """
        start = monotonic()
        try:
            yield
        except Exception:
            if monotonic() - start >= patience:
                self.failed()
            raise
        self.answered()

    def failed(self) -> None:
        """Note that there was no answer in time."""
        with self._lock:
            self._open_until = monotonic() + self.seconds

    def answered(self) -> None:
        """Note that there was an answer."""
        self._open_until = None
