"""Rows that want the same unique value, or one that another record has.

Who gets it depends on whose turn it is: a row before may fail, a row behind may give the value up.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from imports_app.engine.row_type import ID
from imports_app.engine.schema import Schema

Tokens = Sequence[Any]
Names = tuple[str, ...]


def contested(
    schema: Schema, wishes: Sequence[tuple[Mapping[str, Any], Tokens]], *, mode: str
) -> set[Any]:
    """The tokens of all who take part in a contest; `wishes` are drafts' fields and tokens.

    One query for each unique constraint, besides the key's, that the rows give values of.
    """
    found: set[Any] = set()
    for names in schema.other_unique_names:
        wanted = _wanted(names, wishes)
        holders = _holders(schema, names, wanted, mode) if wanted else {}
        for value, wishing in wanted.items():
            holder = holders.get(value, ())
            if len(wishing) > 1 or (holder and not {*wishing[0]} & {*holder}):
                found.update(holder, *wishing)
    return found


def _wanted(
    names: Names, wishes: Sequence[tuple[Mapping[str, Any], Tokens]]
) -> dict[tuple[Any, ...], list[Tokens]]:
    wanted: dict[tuple[Any, ...], list[Tokens]] = {}
    for fields, tokens in wishes:
        value = tuple(fields.get(name) for name in names)
        if None not in value:
            wanted.setdefault(value, []).append(tokens)
    return wanted


def _holders(
    schema: Schema, names: Names, values: Mapping[tuple[Any, ...], Any], mode: str
) -> dict[tuple[Any, ...], Tokens]:
    first = {value[0] for value in values}
    rows = schema.records(mode).filter(**{f"{names[0]}__in": first})
    width = len(names)
    return {
        row[:width]: ((ID, row[width]), row[width + 1 :])
        for row in rows.values_list(*names, "pk", *schema.found_by)
    }
