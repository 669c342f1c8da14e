"""What rows name, read out of them attribute by attribute, whatever else is wrong with them."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from pydantic import ValidationError as PydanticError

from imports_app.engine.reading import Row, attributes
from imports_app.engine.types import ID, REFERENCE_ORIGIN, Schema, normal, validator


def naming_attributes(schema: Schema) -> frozenset[str]:
    """The attributes by which a row says which record it means, and to which it belongs."""
    references = () if schema.key_names else (*schema.found_by, REFERENCE_ORIGIN)
    return schema.form_attributes | {ID, *schema.importer.key, *references}


def probe_of(schema: Schema, names: frozenset[str], row: Row) -> Row:
    """The row with those values of these attributes that could name something."""
    sent = attributes(row)
    stored = {
        name: _as_stored(schema, name, sent[name])
        for name in names & sent.keys()
        if _names(sent[name])
    }
    return Row(row.index, row.raw, {name: v for name, v in stored.items() if v is not None})


def _as_stored(schema: Schema, name: str, value: Any) -> Any:
    """What validation makes of the value where it changes it, as to lower case.

    An integer where text is asked for means that text; None for what could never be stored.
    """
    try:
        return validator(schema).validate_python({name: value}, strict=True)[name]
    except PydanticError:
        if isinstance(value, Decimal):  # what a field makes of it may be cut, and name another one
            return None
        column = schema.by_attribute.get(name)
    try:
        return column.field.to_python(value) if column else str(value)
    except ValidationError:
        return None


def _names(value: Any) -> bool:
    if isinstance(value, str):
        return bool(normal(value)) and "\0" not in value
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return is_number and abs(value) < 2**63
