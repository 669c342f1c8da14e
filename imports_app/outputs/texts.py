"""An import's stored texts as they are given out: in pieces, without what is secret in them."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import msgspec
from msgspec import Raw

from imports_app.importer import Importer
from imports_app.inputs.numbers import readable
from imports_app.inputs.unpacking import GZIP
from imports_app.models import Import
from imports_app.registry import importers
from imports_app.secrecy.hidden import has_secrets, without_secrets
from imports_app.storage.chunks import read_inputs

NULL = b"null"
ROWS_A_PIECE = 1_000

_as_rows = msgspec.json.Decoder(list[Raw])


def inputs_of(import_: Import) -> Iterator[bytes]:
    """Return the inputs as an array, a few chunks in memory at a time; null once they are
    pruned, and where they came as a file.
    """
    was_file = (import_.file or {}).get("as_file")
    return iter([NULL]) if was_file else rows_of(import_)


def rows_of(import_: Import) -> Iterator[bytes]:
    """Return the rows as an array, whatever they came as; null once they are pruned."""
    return _array(read_inputs(import_.pk), import_.resource_type)


def sent_inputs(rows: Sequence[bytes | Raw], resource_type: str) -> Iterator[bytes]:
    """Return the same from the rows that were just sent."""
    pieces = (
        (b"," if start else b"[") + b",".join(rows[start : start + ROWS_A_PIECE])
        for start in range(0, len(rows), ROWS_A_PIECE)
    )
    return _array(pieces, resource_type)


def row_of(row: bytes, resource_type: str) -> bytes:
    """Return one row without what its type, a registered one, keeps secret."""
    importer = importers.get(resource_type)
    return readable(without_secrets(row, importer) if has_secrets(importer) else row)


def _array(pieces: Iterable[bytes], resource_type: str) -> Iterator[bytes]:
    """Return the array of these pieces, which lacks its last bracket. What an unregistered type
    keeps secret isn't known: null for that.
    """
    importer = importers.find(resource_type)
    if importer is None:
        return iter([NULL])
    shown = map(readable, _without_secrets(pieces, importer) if has_secrets(importer) else pieces)
    first = next(shown, None)
    return iter([NULL]) if first is None else chain([first], shown, [b"]"])


def _without_secrets(pieces: Iterable[bytes], importer: Importer) -> Iterator[bytes]:
    for piece in pieces:
        rows = _as_rows.decode(b"[%b]" % piece[1:])
        yield piece[:1] + b",".join(without_secrets(bytes(row), importer) for row in rows)


def gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces as one gzip file."""
    packer = zlib.compressobj(wbits=GZIP)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()
