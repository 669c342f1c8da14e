"""Bytes that wait for the application, or for a client to read them."""

import threading
from pathlib import Path
from tempfile import SpooledTemporaryFile

IN_MEMORY = 64 * 1024  # bytes of one spool; a larger one is a file


class SpoolFull(Exception):
    """No more bytes may wait in this process."""


class Room:
    """Limits how many bytes may wait in this process, all spools together."""

    def __init__(self, limit: int) -> None:
        self._left = limit
        self._lock = threading.Lock()

    def take(self, size: int) -> None:
        """Take room for `size` bytes. Raise SpoolFull if less is left."""
        with self._lock:
            if size > self._left:
                raise SpoolFull
            self._left -= size

    def give(self, size: int) -> None:
        with self._lock:
            self._left += size


class Spool:
    """A queue of bytes in a temporary file: each is read once.

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
        """Append data. Raise SpoolFull, or OSError if the disk is full."""
        self._room.take(len(data))
        self._held += len(data)
        self.file.seek(self._read_at + self.unread)
        self.file.write(data)
        self.unread += len(data)

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes; none if none wait. The file is emptied once all are read."""
        self.file.seek(self._read_at)
        data: bytes = self.file.read(size)
        self._read_at += len(data)
        self.unread -= len(data)
        if not self.unread:
            self._empty()
        return data

    def close(self) -> None:
        """Free what it holds; may be called twice."""
        self.file.close()
        self._room.give(self._held)
        self._held = self.unread = 0

    def _empty(self) -> None:
        self.file.seek(0)
        self.file.truncate()
        self._room.give(self._held)
        self._held = self._read_at = 0
