"""Rows that were looked through and wait to be stored: on disk, so that memory stays flat."""

from array import array
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from weakref import finalize

import msgspec

from imports_app.conf import conf

BLOCK = 1024 * 1024  # bytes of rows that are written, and read again, at once
SIZE = 8  # bytes that say how long a block is

_as_rows = msgspec.msgpack.Decoder(list[bytes])


class RowFile:
    """Rows with their lines, in order. It can be gone through more than once, but not twice at
    once.

    Attributes:
        lines: of each row, from 1.
    """

    def __init__(self, rows: Iterable[tuple[int, bytes]]) -> None:
        self.lines = array("L")
        self._file = TemporaryFile(dir=conf.spool_dir or None)  # noqa: SIM115  (as long as this)
        finalize(self, self._file.close)
        block: list[bytes] = []
        size = 0
        for line, row in rows:
            self.lines.append(line)
            block.append(row)
            size += len(row)
            if size > BLOCK:
                self._write(block)
                block, size = [], 0
        self._write(block)

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        while head := self._file.read(SIZE):
            yield from _as_rows.decode(self._file.read(int.from_bytes(head, "big")))

    def _write(self, block: list[bytes]) -> None:
        text = msgspec.msgpack.encode(block)
        self._file.write(len(text).to_bytes(SIZE, "big") + text)
