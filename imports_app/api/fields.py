"""Fields of requests' attributes: strict about JSON's types, with short messages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from rest_framework import serializers

MAX_TEXT = 255  # characters


class TextField(serializers.CharField):
    """A string, not a number. Spaces at its ends are kept."""

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
        """Return the string. A NUL is refused first, because databases can't store it."""
        if not isinstance(data, str):
            self.fail("invalid")
        if "\0" in data:
            self.fail("null_character")
        return data


class ChoiceField(TextField):
    """One of a few strings."""

    default_error_messages = {"inclusion": "must be {choices}"}

    def __init__(self, choices: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = choices

    def run_validation(self, data: Any = serializers.empty) -> str | None:
        """Return the choice; other types and long strings get TextField's messages."""
        value: str | None = super().run_validation(data)
        if value is not None and value not in self.choices:
            self.fail("inclusion", choices=_listed(self.choices))
        return value


def _listed(choices: Sequence[str]) -> str:
    *others, last = choices
    return f"{', '.join(others)} or {last}"


class BooleanField(serializers.Field[bool, Any, bool, Any]):
    """A boolean, or `"true"` and `"false"`, which command-line clients send."""

    default_error_messages = {"invalid": "must be true or false"}

    def to_internal_value(self, data: Any) -> bool:
        """Return the boolean. Refuse anything else, 0 and 1 included."""
        if not (isinstance(data, bool) or data in ("true", "false")):
            self.fail("invalid")
        return data in (True, "true")


class MetadataField(serializers.Field[dict[str, Any], Any, dict[str, Any], Any]):
    """An object, of values that both databases can store."""

    default_error_messages = {
        "invalid": "must be an object",
        "null_character": "must not contain a NUL character",
        "out_of_range": "must not contain an integer beyond 64 bits",
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the object, whose depth was limited when the body was read."""
        if not isinstance(data, dict):
            self.fail("invalid")
        self._check(data)
        return data

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
    """A count: an integer from 0 to the largest of 64 bits."""

    default_error_messages = {
        "invalid": "must be an integer",
        "greater_than_or_equal_to": "must be greater than or equal to 0",
        "less_than": "must be less than 9223372036854775808",
    }

    def to_internal_value(self, data: Any) -> int:
        """Return the number. Refuse one in a string."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        if data < 0:
            self.fail("greater_than_or_equal_to")
        if data >= 2**63:
            self.fail("less_than")
        return data


def checked(
    sent: Mapping[str, Any], model: type[models.Model], attributes: Mapping[str, bool]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values of the attributes that were sent, and their errors in DRF's form.

    `attributes` maps each name to whether it may be an empty string. Null means the default.
    """
    values, faults = {}, {}
    for name, may_be_empty in attributes.items():
        model_field: Any = model._meta.get_field(name)
        field = field_of(model_field, may_be_empty=may_be_empty)
        try:
            value = field.run_validation(sent.get(name, serializers.empty))
        except serializers.SkipField:
            continue
        except serializers.ValidationError as error:
            faults[name] = error.detail
        else:
            values[name] = model_field.get_default() if value is None else value
    return values, faults


def field_of(
    model_field: "models.Field[Any, Any]", *, may_be_empty: bool
) -> "serializers.Field[Any, Any, Any, Any]":
    """Return the field that validates values of a model's field.

    A field with a default, or one that may be null, isn't required, and null means its default.
    Raises TypeError for a kind of field that requests can't give.
    """
    is_optional = model_field.null or model_field.has_default()
    rules: dict[str, Any] = {"required": not is_optional, "allow_null": is_optional}
    if model_field.choices:
        return ChoiceField([value for value, _ in model_field.flatchoices], **rules)
    match model_field:
        case models.BooleanField():
            return BooleanField(**rules)
        case models.CharField():
            return TextField(max_length=model_field.max_length, allow_blank=may_be_empty, **rules)
        case models.PositiveBigIntegerField():
            return CountField(**rules)
        case models.JSONField():
            return MetadataField(**rules)
        case _:
            raise TypeError(f"{type(model_field).__name__} can't be given")
