"""Record ids in few bytes: what a batch remembers of the records it met."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec

from imports_app.engine.types.schema import Schema

COMPACT_BYTES = 16

_encoder = msgspec.msgpack.Encoder(enc_hook=str, uuid_format="bytes")


def compact(pk: Any) -> Any:
    """Return the id as it is remembered: a UUID as its bytes, which is quicker to make and to
    compare.
    """
    return pk.bytes if type(pk) is UUID else pk


def expand(pk: Any) -> Any:
    """Return the id of which `compact` made this."""
    return UUID(bytes=pk) if type(pk) is bytes else pk


def compact_ids(text: bytes) -> list[bytes]:
    """Take compact UUIDs apart that stand one behind the other."""
    return [text[at : at + COMPACT_BYTES] for at in range(0, len(text), COMPACT_BYTES)]


def pack_ids(ids: Iterable[Any]) -> bytes:
    """Record ids, compact or not, or None, as a few bytes each."""
    return _encoder.encode(list(ids))


def unpack_ids(schema: Schema, packed: bytes | memoryview) -> list[Any]:
    """Return what pack_ids packed, compact; None where it had None."""
    ids: list[Any] = msgspec.msgpack.decode(packed)
    if str not in {*map(type, ids)}:
        return ids
    return [compact(schema.pk.to_python(pk)) if isinstance(pk, str) else pk for pk in ids]


def pack_early(early: Mapping[int, bool]) -> bytes:
    """Record rows that took effect before their turn; nothing for none."""
    return msgspec.msgpack.encode(early) if early else b""


def unpack_early(packed: bytes | memoryview) -> dict[int, bool]:
    """Return what pack_early packed."""
    return msgspec.msgpack.decode(packed, type=dict[int, bool])
