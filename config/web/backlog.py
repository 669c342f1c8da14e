"""The part of an answer that its reader hasn't taken yet."""

from collections import deque

from config.web.spool import Room, Spool, SpoolFull


class Backlog:
    """Bytes, first in, first out: in memory as long as there is room, and then on disk."""

    def __init__(self, memory: Room, spool: Spool) -> None:
        self._memory = memory
        self._spool = spool
        self._pieces: deque[bytes] = deque()
        self._offset = 0  # of the first unread byte in the first piece
        self._held = 0

    @property
    def unread(self) -> int:
        """The number of bytes that wait."""
        return self._held - self._offset + self._spool.unread

    def write(self, data: bytes) -> None:
        """Append data. Raise SpoolFull, or OSError if the disk is full."""
        if self._spool.unread or not self._in_memory(data):
            self._spool.write(data)

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes; none if none wait."""
        if not self._pieces:
            return self._spool.read(size)
        first = self._pieces[0]
        data = first[self._offset : self._offset + size]
        self._offset += len(data)
        if self._offset >= len(first):
            self._pieces.popleft()
            self._give(len(first))
            self._offset = 0
        return data

    def close(self) -> None:
        """Free what it holds; may be called twice."""
        self._pieces.clear()
        self._give(self._held)
        self._offset = 0
        self._spool.close()

    def _in_memory(self, data: bytes) -> bool:
        try:
            self._memory.take(len(data))
        except SpoolFull:
            return False
        self._pieces.append(data)
        self._held += len(data)
        return True

    def _give(self, size: int) -> None:
        self._memory.give(size)
        self._held -= size
