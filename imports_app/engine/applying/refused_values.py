"""Turn the errors of a driver or a database about a value into errors of its row."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import Error

from imports_app.engine.types import BASE, BLANK, Schema
from imports_app.engine.writers import converter
from imports_app.importer import RowError

# "COPY stage_commerce_sku, line 1, column code: …" in an error's context.
COPIED_COLUMN = re.compile(r"^COPY .*?, line \d+, column ([^:]+)", re.MULTILINE)
SQLITE_NOT_NULL = re.compile(r"NOT NULL constraint failed: [^.]+\.(\S+)")
NOT_NULL = "23502"

# The message about the attribute, by SQLSTATE.
STATES: Mapping[str, tuple[str, str]] = {
    "22001": ("too_long", "is too long for its column"),
    "22003": ("out_of_range", "is out of its column's range"),
    "22007": ("invalid", "is no date or time that the database knows"),
    "22008": ("out_of_range", "is a date or time out of range"),
    "22021": ("invalid_character", "contains a character that the database can't store"),
    "22P02": ("invalid", "is not of the form that its column takes"),
    "22P05": ("invalid_character", "contains a character that the database can't store"),
    "54000": ("too_long", "is too long for an index of its column"),
}
# The message by the exception that the conversion raises.
CONVERSIONS: Mapping[type[Exception], tuple[str, str]] = {
    UnicodeEncodeError: ("invalid_character", "contains a character that can't be stored"),
    ArithmeticError: ("out_of_range", "is out of its column's range"),
    Exception: ("invalid", "is not of the form that its column takes"),
}


def unstorable_values(schema: Schema, fields: Mapping[str, Any]) -> Iterator[RowError]:
    """Yield what of the fields can't be made something that the driver takes, with the reasons."""
    for field in schema.model._meta.concrete_fields:
        if field.attname in fields and (error := _conversion_error(field, fields[field.attname])):
            attribute = attribute_of(schema, field.column or field.attname)
            if isinstance(error, ValidationError):
                yield RowError(attribute, error.code or "invalid", " ".join(error.messages))
                continue
            reason = next(r for kind, r in CONVERSIONS.items() if isinstance(error, kind))
            yield RowError(attribute, *reason)


def refused_value(schema: Schema, error: Error, constraint: str | None) -> RowError:
    """Return what the database says of a value, at its attribute where it says so much."""
    if match := SQLITE_NOT_NULL.search(str(error)):
        return RowError(attribute_of(schema, match[1]), *BLANK)
    diagnostics = getattr(error.__cause__, "diag", None)
    state = str(getattr(diagnostics, "sqlstate", None))
    column = getattr(diagnostics, "column_name", None)
    if state == NOT_NULL and column:
        return RowError(attribute_of(schema, column), *BLANK)
    if state not in STATES:
        why = (
            f"it violates the constraint {constraint}" if constraint else "the database refuses it"
        )
        return RowError(BASE, "refused", f"can't be stored: {why}")
    code, message = STATES[state]
    if match := COPIED_COLUMN.search(getattr(diagnostics, "context", None) or ""):
        return RowError(attribute_of(schema, match[1].strip('"')), code, message)
    return RowError(BASE, code, f"has a value that {message}")


def attribute_of(schema: Schema, column: str) -> str:
    """Return the attribute of that column."""
    for link in schema.links:
        if link.field.column == column:
            return link.key_form.attribute if link.key_form else link.name
    attributes = (c.attribute for c in schema.columns if c.field.column == column)
    return next(attributes, column)


def _conversion_error(field: Any, value: Any) -> Exception | None:
    convert = converter(field)
    try:
        converted = value if convert is None else convert(value)
        if isinstance(converted, str):
            converted.encode()
        elif isinstance(converted, int):
            converted.to_bytes(8, "big", signed=True)  # no column of integers is wider
    except Exception as error:  # noqa: BLE001  (whatever a field's own code may raise)
        return error
    return None
