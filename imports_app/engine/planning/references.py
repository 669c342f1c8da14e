"""Find the records of types without a key by the `reference` that clients give them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from imports_app.engine.types import REFERENCE, REFERENCE_ORIGIN, Schema


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
