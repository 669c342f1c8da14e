"""Decimals exactly as rows give them: never rounded, and never converted to a float."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

import msgspec
from django.db import models
from msgspec import Raw

from imports_app.database import connection
from imports_app.ranges import is_range

if TYPE_CHECKING:
    from imports_app.engine.types.schema import Schema

NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?"
)
NUMBER_BEGINS = frozenset(b"-0123456789")
# SQLite stores decimals as floats, of which Django reads this many digits.
SQLITE_DIGITS = 15

_as_members = msgspec.json.Decoder(dict[str, Raw])
_as_rows = msgspec.json.Decoder(list[Raw])


def is_number(text: str) -> bool:
    """Return whether the text is a decimal number, as people or JSON write them."""
    return NUMBER.fullmatch(text) is not None


def takes_decimals(hint: Any) -> bool:
    """Return whether an attribute of that type may be a Decimal."""
    return hint is Decimal or any(map(takes_decimals, get_args(hint)))


def refusal_of(field: Any, value: Decimal) -> tuple[str, str] | None:
    """Return why the field can't hold the number exactly, as code and message; None if it can."""
    if not value.is_finite():
        return "not_a_number", "is not a finite number"
    digits, places = _measured(value)
    if field.decimal_places is not None and places > field.decimal_places:
        message = f"has too many decimal places (maximum is {field.decimal_places})"
        return "too_many_places", message
    if field.max_digits is not None:
        whole = field.max_digits - (field.decimal_places or 0)
        if value and value.adjusted() >= whole:
            return "too_large", f"is too large (maximum is {whole} digits before the decimal point)"
    if connection.vendor == "sqlite" and digits > SQLITE_DIGITS:
        message = f"has more than {SQLITE_DIGITS} digits, which SQLite can't keep exactly"
        return "too_many_digits", message
    return None


def _measured(value: Decimal) -> tuple[int, int]:
    """Return how many digits it has, without zeros at its ends, and how many decimal places."""
    _, digits, exponent = value.as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    significant = text.rstrip("0")
    if not significant:
        return 0, 0
    return len(significant), max(0, -(int(exponent) + len(text) - len(significant)))


def has_decimals(schema: "Schema") -> bool:
    """Return whether a row of that type may have decimal attributes, at any depth."""
    return any(_decimals(schema))


def decimal_attributes(schema: "Schema") -> frozenset[str]:
    """Return the decimal attributes of the type's own records."""
    return _decimals(schema)[0]


def exact(schema: "Schema", row: Raw) -> Raw:
    """Return the row's JSON text with the numbers of its decimal attributes as strings.

    Pydantic's parser turns every number with a point into a float before any field sees it.
    """
    names, parts, ranges = _decimals(schema)
    try:
        members = _as_members.decode(row)
    except (msgspec.DecodeError, RecursionError):  # validation will report it
        return row
    for name in names & members.keys():
        members[name] = _quoted(members[name])
    for name in parts.keys() & members.keys():
        members[name] = _inside(members[name], parts[name])
    for name in ranges & members.keys():
        members[name] = _ends_quoted(members[name])
    return Raw(msgspec.json.encode(members))


def _quoted(value: Raw) -> Raw:
    text = bytes(value)
    return Raw(b'"%s"' % text) if text[0] in NUMBER_BEGINS else value


def _ends_quoted(value: Raw) -> Raw:
    if not bytes(value).startswith(b"{"):
        return value
    ends = _as_members.decode(value)
    return Raw(msgspec.json.encode({name: _quoted(end) for name, end in ends.items()}))


def _inside(value: Raw, schema: "Schema") -> Raw:
    """Return the text of a nested record, or of an array of them, with exact decimals."""
    text = bytes(value)
    if text.startswith(b"{"):
        return exact(schema, value)
    if text.startswith(b"["):
        return Raw(
            b"[%s]" % b",".join(bytes(_inside(row, schema)) for row in _as_rows.decode(text))
        )
    return value


@cache
def _decimals(schema: "Schema") -> tuple[frozenset[str], Mapping[str, "Schema"], frozenset[str]]:
    """Return the decimal attributes, the types of nested records that have some, by part, and the
    attributes that are ranges of decimals.
    """
    names = frozenset(
        column.attribute
        for column in schema.columns
        if isinstance(column.field, models.DecimalField) and takes_decimals(column.hint)
    )
    parts = {name: part for name, part in schema.parts.items() if any(_decimals(part))}
    ranges = frozenset(c.attribute for c in schema.columns if _is_decimal_range(c.field))
    return names, parts, ranges


def _is_decimal_range(field: Any) -> bool:
    return is_range(field) and isinstance(field.base_field, models.DecimalField)
