"""Keeps what is read, so that a text can be given out as it came."""

import zlib
from io import BytesIO, RawIOBase
from typing import IO, Any

from imports_app.inputs.unpacking import GZIP

FAST = 1  # level 6 takes thrice the time for a tenth less


class Recording(RawIOBase):
    """A file that is read through to another, which is left open."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._packer = zlib.compressobj(FAST, wbits=GZIP)
        self._packed = BytesIO()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        self._packed.write(self._packer.compress(piece))
        return len(piece)

    def packed(self) -> bytes:
        """Return what was read, as a gzip file. Call it once, when everything was."""
        self._packed.write(self._packer.flush())
        return self._packed.getvalue()
