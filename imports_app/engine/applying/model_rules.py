"""Validate records by their model before they are written in bulk."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from imports_app.engine.planning import Draft
from imports_app.engine.types import Schema, model_errors


def are_asked(schema: Schema) -> bool:
    """Return whether the model validates; records that are saved one by one do it by themselves."""
    asked: Any = schema.importer.validate
    return asked == "model" and schema.importer.write == "bulk"


def check(schema: Schema, drafts: Sequence[Draft], pks: Sequence[Any], *, mode: str) -> None:
    """Call full_clean of each draft's record; `pks` are the ids of those that exist.

    What it sets is written, too; what it refuses fails the row. What rows point to is known to
    exist, and isn't looked at again.
    """
    known = schema.records(mode).in_bulk([pk for pk in pks if pk is not None])
    exclude = {link.name for link in schema.links}
    for made, pk in zip(drafts, pks, strict=True):
        record = known.get(pk) or schema.model(**schema.scope(mode))
        for name, value in made.fields.items():
            setattr(record, name, value)
        before = _values(record)
        try:
            record.full_clean(exclude=exclude)
        except ValidationError as error:
            made.row.errors.extend(model_errors(schema, error))
        else:
            after = _values(record)
            made.fields |= {n: after[n] for n in after if after[n] != before[n]}


def _values(record: Model) -> dict[str, Any]:
    """Return the values of the writable fields."""
    fields = record._meta.concrete_fields
    names = [f.attname for f in fields if not f.generated and not f.primary_key]
    return {name: getattr(record, name) for name in names}
