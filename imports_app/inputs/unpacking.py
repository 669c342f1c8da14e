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
MEMBER = 1_024  # bytes that each member of a gzip file should hold at least, once there are many
MEMBERS = 1_000 * MEMBER


def unpacked(stream: IO[bytes], max_bytes: int | None = None) -> BufferedReader:
    """Return the stream's bytes, unpacked if they are gzip. The stream itself is left open.

    Reading raises TooLarge beyond `max_bytes`, which are conf.max_request_bytes unless given, and
    Unreadable for what isn't whole gzip though it begins as that.
    """
    first = stream.read(1) + stream.read(1)  # of a pipe a read may give less than asked for
    pieces = chain([first], iter(partial(stream.read, PIECE), b""))
    return file_of(measured(gunzip(pieces) if first == MAGIC else pieces, max_bytes))


def file_of(pieces: Iterator[bytes]) -> BufferedReader:
    """Return a file to read them from."""
    return BufferedReader(_Pieces(pieces), PIECE)


def gunzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack piece by piece: a small file may hold a huge one. Several members are one text."""
    decoder = zlib.decompressobj(GZIP)
    credit = MEMBERS
    for piece in pieces:
        packed = piece
        while packed:
            if decoder.eof:  # thousands of empty ones would keep a process busy for nothing
                decoder, credit = zlib.decompressobj(GZIP), credit - MEMBER
                if credit < 0:
                    raise _not_gzip()
            try:
                unpacked_piece = decoder.decompress(packed, PIECE)
            except zlib.error:
                raise _not_gzip() from None
            credit += len(unpacked_piece)
            yield unpacked_piece
            packed = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
    if not decoder.eof:
        raise _not_gzip()


def measured(pieces: Iterable[bytes], max_bytes: int | None = None) -> Iterator[bytes]:
    """Yield the pieces, as long as they are no more than so many bytes together."""
    limit = conf.max_request_bytes if max_bytes is None else max_bytes
    left = limit
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise too_large(limit)
        yield piece


def _not_gzip() -> Unreadable:
    return Unreadable("is not a whole gzip file")


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
