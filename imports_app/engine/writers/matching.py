"""Tells which drafts have a record already, for the writers that must ask first."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from imports_app.engine.planning import Draft, Drafts, Match, find_by_key, find_by_reference
from imports_app.engine.types import AMBIGUOUS, REFERENCE, Schema, compact
from imports_app.engine.writers.base import Written
from imports_app.importer import RowError


class Matched(NamedTuple):
    """Drafts by what is to be done with them."""

    existing: list[tuple[Any, Draft]]
    new: list[Draft]


def match(schema: Schema, mode: str, drafts: Drafts, written: Written) -> Matched:
    """Find the drafts' records: (id, draft) of those that exist, and the drafts without one.

    Notes in `written` what is incomplete, and the records that were found.
    """
    found = find(schema, mode, drafts)
    matched = Matched([], [])
    for made, pk in zip(drafts, found, strict=True):
        if pk is not None:
            matched.existing.append((pk, made))
            written.ids[made.row.index] = compact(pk)
        elif made.missing:
            written.incomplete.append(made)
        else:
            matched.new.append(made)
    return matched


def find(schema: Schema, mode: str, drafts: Sequence[Draft]) -> list[Any]:
    """Return the id of each draft's record, None for one that isn't there, or that can't be
    told.
    """
    keys = {n: schema.key_of(d.fields) for n, d in enumerate(drafts) if d.match is Match.KEY}
    by_key = find_by_key(schema, keys.values(), mode=mode)
    is_referred = any(made.match is Match.REFERENCE for made in drafts)
    by_reference = referred(schema, mode, drafts) if is_referred else {}
    return [
        by_key.get(keys[n]) if n in keys else _only(by_reference.get(n, ())) or made.pk
        for n, made in enumerate(drafts)
    ]


def referred(schema: Schema, mode: str, drafts: Sequence[Draft]) -> dict[int, list[Any]]:
    """Return the records that may be meant by the drafts that match by reference: place → ids."""
    wanted = {n: made.fields for n, made in enumerate(drafts) if made.match is Match.REFERENCE}
    found = find_by_reference(schema, [*wanted.values()], mode=mode)
    return dict(zip(wanted, found, strict=True))


def settle_references(schema: Schema, mode: str, drafts: Sequence[Draft]) -> Sequence[Draft]:
    """Let drafts that match by reference match by the id of their record, or create one.

    Called when their turn has come. Returns the drafts that can be written; the rest have errors.
    """
    records = referred(schema, mode, drafts)
    for place, pks in records.items():
        made = drafts[place]
        made.match, made.pk = (Match.ID, pks[0]) if pks else (Match.NONE, None)
        if len(pks) > 1:
            made.row.errors.append(RowError(REFERENCE, *AMBIGUOUS))
        elif not pks:
            made.row.errors.extend(made.missing)
    return [made for made in drafts if not made.row.errors] if records else drafts


def _only(pks: Sequence[Any]) -> Any:
    return pks[0] if len(pks) == 1 else None
