"""Parses a filter's text as a value of its attribute's kind.

Each parser raises InvalidValue for what isn't of that kind, or can't be compared by the database.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address
from django.utils.dateparse import parse_duration
from django.utils.duration import duration_microseconds
from django.utils.ipv6 import clean_ipv6_address

from imports_app.api.filters.attributes import FilterAttribute, Kind
from imports_app.api.parameters import quoted

# SQLite takes no LIKE pattern of more than 50,000 bytes, and wildcards are doubled by escaping.
MAX_LENGTH = 10_000
MAX_JSON_VALUES = 100  # an array is compared value by value, perhaps with a long one
INTEGER_BITS = 64
NUMBER = re.compile(r"[+-]?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?")
# In encoded JSON: a lone surrogate, or an escaped NUL (whose backslash isn't itself escaped).
UNSTORABLE = re.compile(r"[\ud800-\udfff]|(?<!\\)(?:\\\\)*\\u0000")
TRUE = frozenset({"true", "t", "1"})
FALSE = frozenset({"false", "f", "0"})


class InvalidValue(ValueError):
    """The value can't be compared with the attribute; the message says why."""


def parse(attribute: FilterAttribute, text: str) -> Any:
    """Return the value that the text stands for. Raises InvalidValue."""
    if "\x00" in text:
        raise InvalidValue("contains a null character")
    if len(text) > MAX_LENGTH:
        raise InvalidValue(f"is too long (maximum is {MAX_LENGTH} characters)")
    value = PARSERS[attribute.kind](text)
    if attribute.kind is Kind.DECIMAL:
        _check_digits(attribute, value)
    return value


def boolean(text: str) -> bool:
    """Return the boolean that is written as `true`, `t`, `1`, `false`, `f` or `0`, in any case."""
    if text.lower() in TRUE:
        return True
    if text.lower() in FALSE:
        return False
    raise _is_not(Kind.BOOLEAN, text)


def _string(text: str) -> str:
    return text


def _integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,40}", text):
        raise _is_not(Kind.INTEGER, text)
    value = int(text)
    if not -(2 ** (INTEGER_BITS - 1)) <= value < 2 ** (INTEGER_BITS - 1):
        raise InvalidValue(f"{quoted(text)} is beyond {INTEGER_BITS} bits")
    return value


def _float(text: str) -> float:
    value = float(text) if NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(value):
        raise _is_not(Kind.FLOAT, text)
    return value


def _decimal(text: str) -> Decimal:
    if not NUMBER.fullmatch(text):
        raise _is_not(Kind.DECIMAL, text)
    return Decimal(text)


def _check_digits(attribute: FilterAttribute, value: Decimal) -> None:
    """Refuse a number with more digits than the field has, which SQLite can't compare."""
    try:
        attribute.field.run_validators(value)
    except ValidationError as error:
        raise InvalidValue(" ".join(error.messages)) from None


def _uuid(text: str) -> UUID:
    """Return the id. Only the form that answers have is accepted, so that it has one spelling."""
    try:
        value = UUID(text)
    except ValueError:
        raise _is_not(Kind.UUID, text) from None
    if str(value) != text.lower():
        raise _is_not(Kind.UUID, text)
    return value


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _is_not(Kind.DATE, text) from None


def _datetime(text: str) -> datetime:
    """Return the moment: in UTC if no offset is given, at midnight if no time is."""
    try:
        value = datetime.fromisoformat(text)
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidValue(f"{quoted(text)} is not an ISO 8601 datetime") from None


def _time(text: str) -> time:
    try:
        value = time.fromisoformat(text)
    except ValueError:
        raise _is_not(Kind.TIME, text) from None
    if value.tzinfo is not None:
        raise _is_not(Kind.TIME, text)
    return value


def _duration(text: str) -> timedelta:
    """Return the duration; SQLite's column holds microseconds."""
    try:
        value = parse_duration(text) if text else None
    except OverflowError:
        value = None
    if value is None or abs(duration_microseconds(value)) >= 2 ** (INTEGER_BITS - 1):
        raise _is_not(Kind.DURATION, text)
    return value


def _address(text: str) -> str:
    """Return the address in the form in which answers have it. A zone says nothing elsewhere."""
    try:
        validate_ipv46_address(text)
    except ValidationError:
        raise _is_not(Kind.ADDRESS, text) from None
    if "%" in text:
        raise _is_not(Kind.ADDRESS, text)
    return clean_ipv6_address(text) if ":" in text else text


def _json(text: str) -> dict[str, Any] | list[Any]:
    """Return an object or an array that PostgreSQL's jsonb can hold."""
    try:
        value = json.loads(text, parse_constant=_no_constant, parse_float=_float)
        encoded = json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        raise InvalidValue(f"{quoted(text)} is not JSON") from None
    if UNSTORABLE.search(encoded):
        raise InvalidValue("contains a character that can't be stored")
    if not isinstance(value, dict | list):
        raise InvalidValue(f"{quoted(text)} is not a JSON object or array")
    if _size(value) > MAX_JSON_VALUES:
        raise InvalidValue(f"holds too many values (maximum is {MAX_JSON_VALUES})")
    return value


def _size(value: Any) -> int:
    """Return how many values are nested in it, itself included."""
    inner = value.values() if isinstance(value, dict) else value
    return 1 + sum(map(_size, inner)) if isinstance(value, dict | list) else 1


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _is_not(kind: Kind, text: str) -> InvalidValue:
    return InvalidValue(f"{quoted(text)} is not {kind.value}")


PARSERS: Mapping[Kind, Callable[[str], Any]] = {
    Kind.ADDRESS: _address,
    Kind.BOOLEAN: boolean,
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
    Kind.DECIMAL: _decimal,
    Kind.DURATION: _duration,
    Kind.FLOAT: _float,
    Kind.INTEGER: _integer,
    Kind.JSON: _json,
    Kind.STRING: _string,
    Kind.TIME: _time,
    Kind.UUID: _uuid,
}
