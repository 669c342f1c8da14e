"""Look up records by id, by key or by reference, and targets by their names, many at a time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Field, Min, Model, QuerySet, TextField
from django.db.models.functions import Cast

from imports_app.engine.types import (
    PK,
    REFERENCE,
    REFERENCE_ORIGIN,
    Form,
    Schema,
    target_records,
)
from imports_app.models.ids import parse_id

Key = tuple[Any, ...]


class Ambiguous(Exception):
    """A reference that several targets have."""


def find_by_id(schema: Schema, ids: Collection[Any], *, mode: str) -> dict[Any, Key]:
    """Return the records of these ids in this mode: id → their key.

    One query, none for no ids.
    """
    if not ids:
        return {}
    found = schema.records(mode).filter(pk__in=ids).values_list("pk", *schema.found_by)
    return {pk: tuple(key) for pk, *key in found}


def find_by_key(schema: Schema, keys: Iterable[Key], *, mode: str) -> dict[Key, Any]:
    """Return the records of these keys in this mode: key → id. One query, none for no keys.

    The first part narrows the search, so it should be the one that selects most. A missing part
    equals a missing one.
    """
    wanted = set(keys)
    first = {key[0] for key in wanted} - {None}
    if not first:
        return {}
    narrowed = schema.records(mode).filter(**{f"{schema.key_names[0]}__in": first})
    found = narrowed.values_list("pk", *schema.key_names)
    return {key: pk for pk, *parts in found if (key := tuple(parts)) in wanted}


def find_by_reference(
    schema: Schema, wanted: Sequence[Mapping[str, Any]], *, mode: str
) -> list[list[Any]]:
    """Return the ids of the records that have each of these fields' reference. One query, none for
    none.

    Fields that say the reference's origin, or whose the record is, mean no other's.
    """
    references = {fields[REFERENCE] for fields in wanted}
    if not references:
        return []
    names = schema.reference_scope
    found = schema.records(mode).filter(**{f"{REFERENCE}__in": references})
    records: dict[str, list[tuple[Any, dict[str, Any]]]] = defaultdict(list)
    for pk, reference, *scope in found.values_list("pk", REFERENCE, *names):
        records[reference].append((pk, dict(zip(names, scope, strict=True))))
    return [
        [pk for pk, scope in records[fields[REFERENCE]] if _is_within(scope, fields)]
        for fields in wanted
    ]


def _is_within(scope: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
    origin = fields.get(REFERENCE_ORIGIN)
    return (origin is None or scope.get(REFERENCE_ORIGIN) == origin) and all(
        fields.get(name, value) == value
        for name, value in scope.items()
        if name != REFERENCE_ORIGIN
    )


def find_targets(
    model: type[Model], form: Form, given: Collection[Any], *, mode: str, held: Any = None
) -> Mapping[Any, Any]:
    """Return what targets have in the field `held`, their id unless told otherwise, by their names.

    A name that several targets have maps to Ambiguous; one whose target has nothing there can't be
    found.
    """
    held = held or model._meta.pk
    # No target has such a name, and PostgreSQL wouldn't even look.
    names = {name for name in given if not (isinstance(name, str) and "\0" in name)}
    if not names:
        return {}
    targets = target_records(model, mode)
    if form.lookup == PK:
        return _by_id(targets, names, held)
    targets = targets.filter(**{f"{form.lookup}__in": names})
    if form.unique:
        found = dict(targets.values_list(form.lookup, held.attname))
        return {name: value for name, value in found.items() if value is not None}
    # As text: not every type has a least value, PostgreSQL's UUIDs have none before version 18.
    least = Min(Cast(held.attname, TextField()))
    counted = targets.values_list(form.lookup).annotate(least=least, count=Count("pk"))
    return {
        name: held.to_python(value) if count == 1 else Ambiguous
        for name, value, count in counted
        if value is not None
    }


def _by_id(targets: QuerySet[Any], names: Iterable[str], held: Any) -> Mapping[str, Any]:
    pk: Field[Any, Any] = targets.model._meta.pk
    ids = [value for name in names if (value := parse_id(pk, name)) is not None]
    found = targets.filter(pk__in=ids).values_list("pk", held.attname)
    return {str(pk): value for pk, value in found if value is not None}
