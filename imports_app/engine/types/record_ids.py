"""Record ids in few bytes, as batches store those of the records that rows named."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec

from imports_app.engine.types.schema import Schema

COMPACT_BYTES = 16

_encoder = msgspec.msgpack.Encoder(enc_hook=str, uuid_format="bytes")


def compact(pk: Any) -> Any:
    """Return the id in its compact form: a UUID as bytes, which are quicker to make and compare."""
    return pk.bytes if type(pk) is UUID else pk


def expand(pk: Any) -> Any:
    """Return the id that `compact` turned into this."""
    return UUID(bytes=pk) if type(pk) is bytes else pk


def compact_ids(text: bytes) -> list[bytes]:
    """Split a run of compact UUIDs."""
    return [text[at : at + COMPACT_BYTES] for at in range(0, len(text), COMPACT_BYTES)]


def pack_ids(ids: Iterable[Any]) -> bytes:
    """Return the ids in a few bytes each; each is compact or not, or None."""
    return _encoder.encode(list(ids))


def unpack_ids(schema: Schema, packed: bytes | memoryview) -> list[Any]:
    """Return the ids that pack_ids packed, in compact form, or None."""
    ids: list[Any] = msgspec.msgpack.decode(packed)
    if str not in {*map(type, ids)}:
        return ids
    return [compact(schema.pk.to_python(pk)) if isinstance(pk, str) else pk for pk in ids]


def pack_early(early: Mapping[int, bool]) -> bytes:
    """Pack the rows that took effect before their turn; no bytes for no rows."""
    return msgspec.msgpack.encode(early) if early else b""


def unpack_early(packed: bytes | memoryview) -> dict[int, bool]:
    """Return what pack_early packed."""
    return msgspec.msgpack.decode(packed, type=dict[int, bool])
