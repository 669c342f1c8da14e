"""What rows name, read out of them attribute by attribute, whatever else is wrong with them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from imports_app.engine.reading import Row
from imports_app.engine.types import ID, REFERENCE_ORIGIN, Schema, naming_validator


def naming_attributes(schema: Schema) -> frozenset[str]:
    """Return the attributes by which a row says which record it means, and to which it belongs."""
    references = () if schema.key_names else (*schema.found_by, REFERENCE_ORIGIN)
    return schema.form_attributes | {ID, *schema.importer.key, *references}


def probes_of(schema: Schema, names: frozenset[str], rows: Sequence[Row]) -> list[Row]:
    """Return the rows with those values of these attributes that could name something.

    Each is what validation makes of it, as of a text in another case or a number where text is
    asked for; what could never be stored is left out.
    """
    sent = [row.sent for row in rows]
    named = [{name: one[name] for name in names & one.keys() if _names(one[name])} for one in sent]
    found = naming_validator(schema, names).validate_python(named)
    return [
        Row(
            row.index,
            row.raw,
            {n: v for n, v in values.items() if v not in (None, "")},
            decoded=one,
        )
        for row, one, values in zip(rows, sent, found, strict=True)
    ]


def _names(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" not in value
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return is_number and abs(value) < 2**63
