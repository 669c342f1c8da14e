"""Record ids in few bytes: what a batch remembers of the records it met."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from imports_app.engine.types.schema import Schema

_encoder = msgspec.msgpack.Encoder(enc_hook=str, uuid_format="bytes")


def pack_ids(ids: Iterable[Any]) -> bytes:
    """Record ids, or None, as a few bytes each."""
    return _encoder.encode(list(ids))


def unpack_ids(schema: Schema, packed: bytes | memoryview) -> list[Any]:
    """Return what pack_ids packed."""
    ids = msgspec.msgpack.decode(packed)
    return [_unpacked(schema, pk) for pk in ids]


def _unpacked(schema: Schema, pk: Any) -> Any:
    if isinstance(pk, bytes):
        return UUID(bytes=pk)
    return schema.pk.to_python(pk) if isinstance(pk, str) else pk
