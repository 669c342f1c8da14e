"""Turns the ValidationErrors of a model's own code into the errors of a row."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from imports_app.engine.types.messages import BASE, BLANK, TAKEN
from imports_app.engine.types.schema import Schema
from imports_app.importer import RowError

CODES: Mapping[str, tuple[str, str]] = {"blank": BLANK, "null": BLANK, "unique": TAKEN}


def model_errors(schema: Schema, error: ValidationError) -> list[RowError]:
    """Return the errors, each at its attribute, or at `base` if it is about the whole record."""
    return [*_errors(schema, error)]


def _errors(schema: Schema, error: ValidationError) -> Iterator[RowError]:
    by_field = getattr(error, "error_dict", None) or {NON_FIELD_ERRORS: error.error_list}
    for name, errors in by_field.items():
        for one in errors:
            if one.code == "unique_together" and (names := _together(one)):
                yield from (RowError(_attribute(schema, part), *TAKEN) for part in names)
            else:
                own = (one.code or "invalid", " ".join(one.messages))
                yield RowError(_attribute(schema, name), *CODES.get(one.code or "", own))


def _together(error: ValidationError) -> list[str]:
    return list((error.params or {}).get("unique_check", ()))


def _attribute(schema: Schema, name: str) -> str:
    """Return the attribute of the field of that name."""
    if name == NON_FIELD_ERRORS:
        return BASE
    link: Any = schema.links_by_name.get(name)
    return link.key_form.attribute if link and link.key_form else name
