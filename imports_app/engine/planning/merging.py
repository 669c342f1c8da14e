"""Merge the dotted columns of a CSV into the objects that the records have.

A column `metadata.color` sets one member. A row that gives the object itself replaces all of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from imports_app.engine.planning.drafts import Draft
from imports_app.engine.types import Schema


def merge(schema: Schema, drafts: Sequence[Draft], pks: Sequence[Any]) -> None:
    """Complete the objects by the members of their records; `pks` are the ids of those that exist.

    The records stay locked until the transaction ends. One query, none where nothing is merged.
    """
    concerned = [
        (made, pk, cells)
        for made, pk in zip(drafts, pks, strict=True)
        if pk is not None and (cells := _cells(schema, made))
    ]
    stored = _stored(schema, concerned) if concerned else {}
    for made, pk, cells in concerned:
        for name, members in cells.items():
            old = stored.get(pk, {}).get(name)
            made.fields[name] = _merged(old, made.fields[name], members)


def _cells(schema: Schema, made: Draft) -> Mapping[str, Any]:
    """Return the row's dotted cells by the attribute into whose object they go."""
    names = schema.json_attributes & made.fields.keys()
    return {name: cell for name, cell in (made.row.dotted or {}).items() if name in names}


def _stored(
    schema: Schema, concerned: Iterable[tuple[Draft, Any, Iterable[str]]]
) -> Mapping[Any, Mapping[str, Any]]:
    """Return the objects of each record, by attribute."""
    wanted = {name for _, _, cells in concerned for name in cells}
    # In the order in which they are written, as by everybody else.
    records = schema.model._base_manager.order_by(*schema.key_names, "pk").select_for_update()
    found = records.filter(pk__in={pk for _, pk, _ in concerned}).values("pk", *wanted)
    return {record.pop("pk"): record for record in found}


def _merged(old: Any, new: Any, cells: Any) -> Any:
    """Return the old object with the new members; `cells` says which of these are columns' objects
    too.
    """
    if not (isinstance(old, dict) and isinstance(new, dict) and isinstance(cells, dict)):
        return new
    return old | {name: _merged(old.get(name), new[name], cells.get(name)) for name in new}
