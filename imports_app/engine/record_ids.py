"""Record ids in few bytes: what a batch remembers of the records it met."""

from collections.abc import Iterable
from typing import Any

import msgspec

from imports_app.engine.schema import Schema


def pack_ids(ids: Iterable[Any]) -> bytes:
    """Record ids, or None, as a few bytes each."""
    return msgspec.msgpack.encode(list(ids), enc_hook=str)


def unpack_ids(schema: Schema, packed: bytes | memoryview) -> list[Any]:
    """What pack_ids packed."""
    ids = msgspec.msgpack.decode(packed)
    return [schema.pk.to_python(pk) if isinstance(pk, str) else pk for pk in ids]
