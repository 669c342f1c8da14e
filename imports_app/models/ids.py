"""Identifiers that tell nothing of one another, and reading those that clients send."""

import os
import time
import uuid
from datetime import UTC, datetime, timedelta
from struct import unpack
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import AutoField, Field, IntegerField

from imports_app.database import connection

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
RANDOM_BITS = (1 << 62) - 1
VERSION_AND_VARIANT = (0x7 << 76) | (0b10 << 62)


def uuid7() -> uuid.UUID:
    """Return a UUID of version 7 (RFC 9562): sorts by creation time, can't be guessed."""
    return uuid7s(1, time.time_ns() // 1_000)[0]


def uuid7s(count: int, microseconds: int) -> list[uuid.UUID]:
    """Return that many UUIDs of version 7, in ascending order, made so many microseconds after
    1970.
    """
    return [uuid.UUID(int=each) for each in _uuid7s(count, microseconds)]


def _uuid7s(count: int, microseconds: int) -> list[int]:
    """Return the same as numbers.

    The time takes 60 bits: milliseconds, and in the 12 bits of `rand_a` the fraction of one (RFC
    9562, 6.2, method 3). The other 62 are random.
    """
    milliseconds, rest = divmod(microseconds, 1_000)
    high = (milliseconds << 80) | ((rest << 12) // 1_000 << 64) | VERSION_AND_VARIANT
    random = unpack(f">{count}Q", os.urandom(8 * count))
    return [high | low for low in sorted(bits & RANDOM_BITS for bits in random)]


def new_ids(field: "Field[Any, Any]", count: int, now: datetime) -> list[Any]:
    """Return the primary keys of that many new records, by the field's default.

    UUIDs of version 7 are made all at once, as of `now`, and ascend: records that are created
    together sort by id as they stand in the inputs, and before all that are created later.
    """
    if field.default is uuid7:
        return list(uuid7s(count, (now - EPOCH) // MICROSECOND))
    return [field.get_default() for _ in range(count)]


def new_id_texts(field: "Field[Any, Any]", count: int, now: datetime) -> list[str]:
    """Return the same as text, which is quicker to make, in a form that PostgreSQL reads."""
    if field.default is uuid7:
        return [f"{each:032x}" for each in _uuid7s(count, (now - EPOCH) // MICROSECOND)]
    return [str(field.get_default()) for _ in range(count)]


def ascend(field: "Field[Any, Any]") -> bool:
    """Return whether primary keys that are made by this field sort in the order of creation."""
    return isinstance(field, AutoField) or field.default is uuid7


def parse_id(field: "Field[Any, Any]", text: str) -> Any:
    """Return the primary key that `text` is, None if it can't be one.

    Only the form that we give out counts: `007`, `1_000` or a UUID in braces name nothing.
    """
    try:
        value = field.to_python(text)
    except (ValidationError, ValueError, OverflowError):
        return None
    if str(value) != text or "\0" in text:
        return None
    if isinstance(field, IntegerField):
        low, high = connection.ops.integer_field_range(field.get_internal_type())
        return value if (low or 0) <= value <= (high or value) else None
    return value
