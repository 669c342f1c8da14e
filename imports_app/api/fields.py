"""Attributes in and out: strict about JSON's types, brief in what they say."""

from datetime import UTC, datetime
from typing import Any

from rest_framework import serializers

MAX_TEXT = 255  # characters


class TextField(serializers.CharField):
    """A string; a number is none. Spaces at its ends are kept."""

    default_error_messages = {
        "blank": "can't be blank",
        "invalid": "must be a string",
        "null_character": "must not contain a NUL character",
        "max_length": "is too long (maximum is {max_length} characters)",
        "null": "can't be blank",
        "required": "can't be blank",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **{"max_length": MAX_TEXT, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        """Databases can't hold a NUL, so it is refused before any validator sees it."""
        if not isinstance(data, str):
            self.fail("invalid")
        if "\0" in data:
            self.fail("null_character")
        return data


class BooleanField(serializers.Field[bool, Any, bool, Any]):
    """A boolean, or its name in a string: command-line clients send those."""

    default_error_messages = {"invalid": "must be true or false"}

    def to_internal_value(self, data: Any) -> bool:
        """Anything else, 0 and 1 included, is refused."""
        if not (isinstance(data, bool) or data in ("true", "false")):
            self.fail("invalid")
        return data in (True, "true")

    def to_representation(self, value: bool) -> bool:  # noqa: FBT001
        """As it is."""
        return value


class UtcDateTimeField(serializers.DateTimeField):
    """ISO 8601 in UTC, with milliseconds and `Z`."""

    def to_representation(self, value: datetime) -> str:
        """`2024-02-29T23:59:59.999Z`"""
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03}Z"


class MetadataField(serializers.Field[dict[str, Any], Any, dict[str, Any], Any]):
    """An object of whatever both databases can hold."""

    default_error_messages = {
        "invalid": "must be an object",
        "null_character": "must not contain a NUL character",
        "out_of_range": "must not contain an integer beyond 64 bits",
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """How deep it nests was limited when the body was read."""
        if not isinstance(data, dict):
            self.fail("invalid")
        self._check(data)
        return data

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        """As it is."""
        return value

    def _check(self, value: Any) -> None:
        if isinstance(value, dict):
            for name, nested in value.items():
                self._check(name)
                self._check(nested)
        elif isinstance(value, list):
            for nested in value:
                self._check(nested)
        elif isinstance(value, str) and "\0" in value:
            self.fail("null_character")
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            self.fail("out_of_range")


class CountField(serializers.Field[int, Any, int, Any]):
    """A number of things: an integer from 0 that 64 bits can hold."""

    default_error_messages = {
        "invalid": "must be an integer",
        "greater_than_or_equal_to": "must be greater than or equal to 0",
        "less_than": "must be less than 9223372036854775808",
    }

    def to_internal_value(self, data: Any) -> int:
        """A number in a string is none."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        if data < 0:
            self.fail("greater_than_or_equal_to")
        if data >= 2**63:
            self.fail("less_than")
        return data

    def to_representation(self, value: int) -> int:
        """As it is."""
        return value
