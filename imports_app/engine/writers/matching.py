"""Tells which drafts have a record already, for the writers that must ask first."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from imports_app.engine.lookup import find_by_key
from imports_app.engine.plan import Draft, Match
from imports_app.engine.schema import Schema
from imports_app.engine.writers.base import Written


class Matched(NamedTuple):
    """Drafts by what is to be done with them."""

    existing: list[tuple[Any, Draft]]
    new: list[Draft]


def match(schema: Schema, mode: str, drafts: Sequence[Draft], written: Written) -> Matched:
    """Finds the drafts' records: (id, draft) of those that exist, and the drafts without one.

    Notes in `written` what is incomplete, and the records that were found.
    """
    found = find(schema, mode, drafts)
    matched = Matched([], [])
    for made, pk in zip(drafts, found, strict=True):
        if pk is not None:
            matched.existing.append((pk, made))
            written.records[made.row.index] = pk
        elif made.missing:
            written.incomplete.append(made)
        else:
            matched.new.append(made)
    return matched


def find(schema: Schema, mode: str, drafts: Sequence[Draft]) -> list[Any]:
    """The id of each draft's record, None for one that isn't there. All match in the same way."""
    if drafts[0].match is Match.ID:
        return [made.pk for made in drafts]
    if drafts[0].match is Match.NONE:
        return [None] * len(drafts)
    keys = [schema.key_of(made.fields) for made in drafts]
    records = find_by_key(schema, keys, mode=mode)
    return [records.get(key) for key in keys]
