"""Attributes as answers show them."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from rest_framework import serializers

from imports_app.api.splice import StoredJson


class UtcDateTimeField(serializers.DateTimeField):
    """ISO 8601 in UTC, with milliseconds and `Z`."""

    def to_representation(self, value: datetime) -> str:
        """`2024-02-29T23:59:59.999Z`"""
        text = value.astimezone(UTC).isoformat(timespec="milliseconds")
        return text.removesuffix("+00:00") + "Z"


class StoredJsonField(serializers.Field[Any, Any, StoredJson, Any]):
    """JSON text that `read` gives in pieces; it is called when the answer is sent."""

    def __init__(self, read: Callable[[Any], Iterable[bytes]]) -> None:
        super().__init__(source="*", read_only=True)
        self.read = read

    def to_representation(self, value: Any) -> StoredJson:
        """What stands for the text until then."""
        return StoredJson(partial(self.read, value))
