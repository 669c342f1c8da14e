"""Keeps what is read, so that a text can be given out as it came."""

import zlib
from collections.abc import Iterator
from functools import partial
from io import RawIOBase
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from weakref import finalize

from imports_app.conf import conf
from imports_app.inputs.unpacking import GZIP, PIECE

FAST = 1  # level 6 takes thrice the time for a tenth less
IN_MEMORY = 1024 * 1024  # bytes; more is kept on disk


class Packed:
    """A gzip file that is written, and then read."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(FAST, wbits=GZIP)
        folder = conf.spool_dir or None
        self._file = SpooledTemporaryFile(IN_MEMORY, dir=folder)  # noqa: SIM115  (as long as this)
        finalize(self, self._file.close)

    def write(self, text: bytes) -> None:
        """Add that to its content."""
        self._file.write(self._packer.compress(text))

    def end(self) -> "Packed":
        """There is no more. Call it once."""
        self._file.write(self._packer.flush())
        return self

    def __iter__(self) -> Iterator[bytes]:
        """Yield the packed file in pieces."""
        self._file.seek(0)
        yield from iter(partial(self._file.read, PIECE), b"")


class Recording(RawIOBase):
    """A file that is read through to another, which is left open.

    Attributes:
        packed: what was read.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.packed = Packed()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        self.packed.write(piece)
        return len(piece)
