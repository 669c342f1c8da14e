"""Gzip files that are made while they are sent."""

import zlib
from collections.abc import Iterable, Iterator

from imports_app.inputs.unpacking import GZIP


def gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces as one gzip file."""
    packer = zlib.compressobj(wbits=GZIP)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()
