"""Counts kept by one process."""

from threading import Lock

MAX_NAMES = 100_000  # a flood of names costs some 20 MB


class MemoryCounter:
    """Counts in this process. Keeps one window a name, and of many names the latest."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: dict[str, tuple[int, int]] = {}

    def add(self, name: str, window: int, seconds: int) -> int:
        """As Counter says."""
        with self._lock:
            count = self.read(name, window) + 1
            self._counts.pop(name, None)
            self._counts[name] = window, count
            if len(self._counts) > MAX_NAMES:
                del self._counts[next(iter(self._counts))]
        return count

    def read(self, name: str, window: int) -> int:
        """As Counter says."""
        last, count = self._counts.get(name, (window, 0))
        return count if last == window else 0
