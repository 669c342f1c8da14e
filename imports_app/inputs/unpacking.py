"""Bytes from a stream, unpacked and measured; never more of them in memory than a piece."""

import zlib
from collections.abc import Iterable, Iterator
from functools import partial
from io import BufferedReader, RawIOBase
from itertools import chain
from typing import IO, Any

from imports_app.conf import conf
from imports_app.inputs.limits import too_large
from imports_app.inputs.refusals import Unreadable

GZIP = zlib.MAX_WBITS | 16  # a gzip header, and nothing else
MAGIC = b"\x1f\x8b"
PIECE = 64 * 1024  # bytes


def unpacked(stream: IO[bytes]) -> BufferedReader:
    """Return the stream's bytes, unpacked if they are gzip. The stream itself is left open.

    Reading raises TooLarge beyond conf.max_request_bytes, and Unreadable for what isn't one
    whole gzip file though it begins as one.
    """
    first = stream.read(1) + stream.read(1)  # of a pipe a read may give less than asked for
    pieces = chain([first], iter(partial(stream.read, PIECE), b""))
    return file_of(measured(gunzip(pieces) if first == MAGIC else pieces))


def file_of(pieces: Iterator[bytes]) -> BufferedReader:
    """Return a file to read them from."""
    return BufferedReader(_Pieces(pieces), PIECE)


def gunzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Unpacks piece by piece: a small file may hold a huge one."""
    decoder = zlib.decompressobj(GZIP)
    for piece in pieces:
        # One member only: thousands of empty ones would keep a process busy for nothing.
        if decoder.eof:
            raise _not_gzip()
        packed = piece
        while packed:
            try:
                yield decoder.decompress(packed, PIECE)
            except zlib.error:
                raise _not_gzip() from None
            packed = decoder.unconsumed_tail
    if not decoder.eof or decoder.unused_data:
        raise _not_gzip()


def measured(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces, as long as they are no more than conf.max_request_bytes together."""
    left = conf.max_request_bytes
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise too_large()
        yield piece


def _not_gzip() -> Unreadable:
    return Unreadable("is not one whole gzip file")


class _Pieces(RawIOBase):
    """A readable file made of pieces; each read but the last is filled."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        filled = 0
        while filled < len(view):
            if not self._rest:
                piece = next(self._pieces, None)
                if piece is None:
                    break
                self._rest = memoryview(piece)
            taken = self._rest[: len(view) - filled]
            view[filled : filled + len(taken)] = taken
            self._rest = self._rest[len(taken) :]
            filled += len(taken)
        return filled
