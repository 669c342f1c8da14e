"""Turns Pydantic's errors into the row errors that clients read.

Codes and messages are those of Commerce Layer's API, which are Rails' (`blank`: "can't be blank").
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from imports_app.importer import RowError

BASE = "base"
CYCLE = ("cycle", "leads back to the row's own record")
TOO_FAR = ("too_far", "refers to later rows, and these to too many others: put those first")
BLANK = ("blank", "can't be blank")
AMBIGUOUS = ("ambiguous", "is ambiguous")
MUST_EXIST = ("required", "must exist")
NULL_CHARACTER = ("null_character", "contains a null character")
NOT_FINITE = ("not_a_number", "holds a number that is not finite")
EXCHANGED = ("exchanged", "exchanges a value with another row that can't be set aside meanwhile")
EXISTS = ("exists", "exists already")
DOES_NOT_EXIST = ("does_not_exist", "does not exist")
TAKEN = ("taken", "has already been taken")

Context = Mapping[str, Any]

MESSAGES: dict[str, tuple[str, Callable[[Context], str]]] = {
    "extra_forbidden": ("unknown", lambda _: "is unknown"),
    "string_type": ("not_a_string", lambda _: "must be a string"),
    "string_unicode": ("not_a_string", lambda _: "must be a string"),
    "string_too_long": (
        "too_long",
        lambda c: f"is too long (maximum is {c['max_length']} characters)",
    ),
    "string_too_short": (
        "too_short",
        lambda c: f"is too short (minimum is {c['min_length']} characters)",
    ),
    "string_pattern_mismatch": ("invalid", lambda _: "is invalid"),
    "int_type": ("not_an_integer", lambda _: "must be an integer"),
    "int_parsing": ("not_an_integer", lambda _: "must be an integer"),
    "int_from_float": ("not_an_integer", lambda _: "must be an integer"),
    "int_parsing_size": ("not_an_integer", lambda _: "has too many digits"),
    "float_type": ("not_a_number", lambda _: "is not a number"),
    "float_parsing": ("not_a_number", lambda _: "is not a number"),
    "finite_number": ("not_a_number", lambda _: "is not a finite number"),
    "decimal_type": ("not_a_number", lambda _: "is not a number"),
    "decimal_parsing": ("not_a_number", lambda _: "is not a number"),
    "bool_type": ("not_a_boolean", lambda _: "must be true or false"),
    "bool_parsing": ("not_a_boolean", lambda _: "must be true or false"),
    "greater_than": ("greater_than", lambda c: f"must be greater than {c['gt']}"),
    "greater_than_equal": (
        "greater_than_or_equal_to",
        lambda c: f"must be greater than or equal to {c['ge']}",
    ),
    "less_than": ("less_than", lambda c: f"must be less than {c['lt']}"),
    "less_than_equal": (
        "less_than_or_equal_to",
        lambda c: f"must be less than or equal to {c['le']}",
    ),
    "literal_error": ("inclusion", lambda c: f"must be one of {c['expected']}"),
    "enum": ("inclusion", lambda c: f"must be one of {c['expected']}"),
    "dict_type": ("not_an_object", lambda _: "must be an object"),
    "list_type": ("not_an_array", lambda _: "must be an array"),
    "value_error": ("invalid", lambda c: str(c["error"])),
}
# How kinds of errors begin that all mean that a text is malformed.
FORMS = {
    "uuid_": "is not a valid UUID",
    "time_delta_": "is not a valid ISO 8601 duration",
    "time_": "is not a valid ISO 8601 time",
}
# What a string must match that must not be empty; see validators.py.
NOT_BLANK_PATTERN = r"\S"


def row_error(details: ErrorDetails) -> RowError:
    """Return the error: attribute (nested ones with dots and indexes), code and message."""
    attribute = _path(details["loc"])
    kind = details["type"]
    context = details.get("ctx", {})
    if kind == "json_invalid":
        return RowError(BASE, "malformed", f"can't be read: {context['error']}")
    if kind == "missing" or _is_blank(details):
        return RowError(attribute, *BLANK)
    if kind == "literal_error" and attribute == "type":
        return RowError(attribute, "unknown", "is unknown")
    for start, message in FORMS.items():
        if kind.startswith(start):
            return RowError(attribute, "invalid", message)
    if kind.startswith(("datetime_", "date_", "timezone_")):
        return RowError(attribute, "invalid_datetime", "is not a valid ISO 8601 datetime")
    code, message = MESSAGES.get(kind, (kind, lambda _: details["msg"]))
    return RowError(attribute, code, message(context))


def _is_blank(details: ErrorDetails) -> bool:
    """Return whether what was refused is null, or a text without a visible character."""
    value, kind = details["input"], details["type"]
    if kind == "string_pattern_mismatch":
        return not value.strip()
    return value is None and kind.endswith("_type")


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part}" if path else part
    return path or BASE
