"""Fields of attributes that answers show."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django.db import models
from rest_framework import serializers

from imports_app.api.splice import StoredJson
from imports_app.models.moments import utc


class UtcDateTimeField(serializers.DateTimeField):
    """Shows a moment by ISO 8601 in UTC, with milliseconds and `Z`."""

    to_representation = staticmethod(utc)  # type: ignore[assignment]  # a name of its own


class StoredJsonField(serializers.Field[Any, Any, StoredJson, Any]):
    """Shows JSON text, which `read` returns in pieces when the answer is sent."""

    def __init__(self, read: Callable[[Any], Iterable[bytes]]) -> None:
        super().__init__(source="*", read_only=True)
        self.read = read

    def to_representation(self, value: Any) -> StoredJson:
        """Return what takes the place of the text until then."""
        return StoredJson(partial(self.read, value))


def shown_fields(
    model: type[models.Model],
    names: Iterable[str],
    *,
    stored: Mapping[str, Callable[[Any], Iterable[bytes]]],
) -> "dict[str, serializers.Field[Any, Any, Any, Any]]":
    """Return a field for each attribute: one for a column of the model, or for a stored text."""
    moments = {each.name for each in model._meta.fields if isinstance(each, models.DateTimeField)}
    return {
        name: StoredJsonField(stored[name])
        if name in stored
        else UtcDateTimeField(read_only=True)
        if name in moments
        else serializers.ReadOnlyField()
        for name in names
    }


class ConstantField(serializers.Field[Any, Any, Any, Any]):
    """Shows a value that is the same for every resource."""

    def __init__(self, value: Any) -> None:
        super().__init__(source="*", read_only=True)
        self.value = value

    def to_representation(self, value: Any) -> Any:
        """Return that value."""
        return self.value
