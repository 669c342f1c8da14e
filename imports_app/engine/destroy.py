"""Destroys records that nothing protects."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import PROTECT, RESTRICT, ProtectedError, RestrictedError

from imports_app.engine.log import usable_key
from imports_app.engine.schema import Schema

REFUSALS = (ProtectedError, RestrictedError, IntegrityError)


@dataclass(frozen=True)
class Destroyed:
    """How many records are gone, and the natural keys of those that something protects."""

    count: int
    protected: list[str | None]


def destroy(schema: Schema, ids: Sequence[Any]) -> Destroyed:
    """Destroys the records of these ids, and what cascades from them; the caller's transaction."""
    safe = protected(schema, ids)
    free = [pk for pk in ids if pk not in safe]
    try:
        with transaction.atomic():
            count = _delete(schema, free)
    except REFUSALS:
        # Something further down a cascade is protected, or by the database alone.
        count, refused = _one_by_one(schema, free)
        safe |= refused
    return Destroyed(count, _keys(schema, safe))


def protected(schema: Schema, ids: Sequence[Any]) -> set[Any]:
    """Those that a record of another model refers to and must not lose: a query a reference."""
    found: set[Any] = set()
    for related in schema.model._meta.related_objects:
        if related.on_delete in (PROTECT, RESTRICT):
            name = related.field.attname
            referring = related.related_model._base_manager.filter(**{f"{name}__in": ids})
            found.update(referring.order_by().values_list(name, flat=True).distinct())
    return found


def _delete(schema: Schema, ids: Sequence[Any]) -> int:
    _, counts = schema.model._base_manager.filter(pk__in=ids).delete()
    return counts.get(schema.model._meta.label, 0)


def _one_by_one(schema: Schema, ids: Iterable[Any]) -> tuple[int, set[Any]]:
    count, refused = 0, set()
    for pk in ids:
        try:
            with transaction.atomic():
                count += _delete(schema, [pk])
        except REFUSALS:
            refused.add(pk)
    return count, refused


def _keys(schema: Schema, ids: Iterable[Any]) -> list[str | None]:
    """The records' natural keys within their parent, in the order of their ids."""
    found = schema.model._base_manager.filter(pk__in=ids).order_by("pk")
    parts = found.values_list("pk", *schema.natural_key_paths)
    return [
        usable_key("/".join(str(part) for part in key if part) or str(pk)) for pk, *key in parts
    ]
