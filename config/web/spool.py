"""Bytes that wait: for the application, or for a client that reads its answer."""

import threading
from pathlib import Path
from tempfile import SpooledTemporaryFile

IN_MEMORY = 64 * 1024  # bytes; the rest is in a file


class SpoolFull(Exception):
    """All that may wait in this process does so already."""


class Room:
    """How many bytes may wait in this process, all spools together."""

    def __init__(self, limit: int) -> None:
        self._left = limit
        self._lock = threading.Lock()

    def take(self, size: int) -> None:
        """Raise SpoolFull if there is not so much left."""
        with self._lock:
            if size > self._left:
                raise SpoolFull
            self._left -= size

    def give(self, size: int) -> None:
        with self._lock:
            self._left += size


class Spool:
    """What is written at its end is read at its beginning, once.

    The file has no name: only its owner can read it, and it is gone with the process.

    Attributes:
        unread: bytes that wait.
    """

    def __init__(self, folder: Path, room: Room) -> None:
        self._room = room
        self._held = 0
        self._read_at = 0
        self.unread = 0
        self.file = SpooledTemporaryFile(max_size=IN_MEMORY, dir=str(folder))  # noqa: SIM115

    def write(self, data: bytes) -> None:
        """Raise SpoolFull, or OSError where the disk is full."""
        self._room.take(len(data))
        self._held += len(data)
        self.file.seek(self._read_at + self.unread)
        self.file.write(data)
        self.unread += len(data)

    def read(self, size: int) -> bytes:
        """Return at most so many bytes; none if none wait. They are forgotten once all are read."""
        self.file.seek(self._read_at)
        data: bytes = self.file.read(size)
        self._read_at += len(data)
        self.unread -= len(data)
        if not self.unread:
            self._forget()
        return data

    def close(self) -> None:
        """Free what it holds; it may be called twice."""
        self.file.close()
        self._room.give(self._held)
        self._held = self.unread = 0

    def _forget(self) -> None:
        self.file.seek(0)
        self.file.truncate()
        self._room.give(self._held)
        self._held = self._read_at = 0
