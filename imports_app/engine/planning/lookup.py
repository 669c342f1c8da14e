"""Look up records by id or by key, many at a time."""

from collections.abc import Collection, Iterable
from typing import Any

from imports_app.engine.types import Schema

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
