"""Identifiers: time-ordered ones for imports, and reading those that clients send."""

import os
import time
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Field, IntegerField


def uuid7() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562): sorts by creation time, can't be guessed."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds << 80) | random
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)


def parse_id(field: "Field[Any, Any]", text: str) -> Any:
    """The primary key that `text` is, None if it can't be one.

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
