"""Set unique values aside while records pass them on to each other."""

import random
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, models

from imports_app.database import connection
from imports_app.engine.planning import Draft, Match, Names
from imports_app.engine.types import Schema
from imports_app.engine.writers import AnyField

AT_ONCE = 500
HEX = "0123456789abcdef"
LONGEST = 32


class CannotPark(IntegrityError):
    """No field that the row sets can hold another value for a moment."""


@contextmanager
def parked(schema: Schema, drafts: Mapping[Any, tuple[Draft, set[Names]]]) -> Iterator[None]:
    """Give the records other values until they are written; `drafts` are theirs, by id.

    The caller writes all of them before this ends, and rolls back otherwise. Raises CannotPark,
    and django.db.Error where a constraint refuses the values.
    """
    values: dict[AnyField, dict[Any, Any]] = defaultdict(dict)
    for pk, (made, all_names) in drafts.items():
        for names in all_names:
            field = _field(schema, made, names)
            values[field][pk] = None if _may_be_empty(field, made) else _value(field)
    refers = connection.vendor == "postgresql" and any(f.is_relation for f in values)
    if refers:
        _execute("SET CONSTRAINTS ALL DEFERRED")
    for field, by_pk in values.items():
        _store(schema, field, by_pk)
    yield
    if refers:
        _execute("SET CONSTRAINTS ALL IMMEDIATE")


def _field(schema: Schema, made: Draft, names: Names) -> AnyField:
    """Return a field that the row sets anyway. References come last: few would let them point
    nowhere.
    """
    found_by = schema.key_names if made.match is Match.KEY else ()
    fields = [
        field
        for field in schema.model._meta.concrete_fields
        if field.attname in names and field.attname in made.fields and field.attname not in found_by
    ]
    for field in sorted(fields, key=lambda field: field.is_relation):
        if _may_be_empty(field, made) or _can_hold_any(field):
            return field
    raise CannotPark


def _may_be_empty(field: AnyField, made: Draft) -> bool:
    """Return whether null will do; not if the row sets null, or the record would look unchanged."""
    return field.null and made.fields[field.attname] is not None


def _can_hold_any(field: AnyField) -> bool:
    kinds = (models.CharField, models.TextField, models.IntegerField, models.UUIDField)
    return isinstance(_target(field), kinds)


def _target(field: Any) -> Any:
    return _target(field.target_field) if field.is_relation else field


def _value(field: AnyField) -> Any:
    """Return a value that probably no record has; if one does, the constraint refuses it."""
    target = _target(field)
    if isinstance(target, models.UUIDField):
        return uuid.uuid4()
    if isinstance(target, models.IntegerField):
        low, high = connection.ops.integer_field_range(target.get_internal_type())
        return random.randint(max(low or 0, 0), high or 2**31 - 1)  # noqa: S311  (no secret)
    length = min(target.max_length or LONGEST, LONGEST)
    return "".join(random.choices(HEX, k=length))  # noqa: S311  (no secret)


def _store(schema: Schema, field: AnyField, values: Mapping[Any, Any]) -> None:
    records = schema.model._base_manager
    if empty := [pk for pk, value in values.items() if value is None]:
        records.filter(pk__in=empty).update(**{field.attname: None})
    changed = [
        schema.model(**{schema.pk.attname: pk, field.attname: value})
        for pk, value in values.items()
        if value is not None
    ]
    records.bulk_update(changed, [field.name], batch_size=AT_ONCE)


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
