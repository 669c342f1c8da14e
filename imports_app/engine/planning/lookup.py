"""Look up records by id, by key or by reference, many at a time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from imports_app.engine.types import REFERENCE, REFERENCE_ORIGIN, Schema

Key = tuple[Any, ...]


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
