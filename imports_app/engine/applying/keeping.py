"""Keeps what a write changes: its records before and after, a query each for many of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from imports_app.engine.holding import Context
from imports_app.engine.planning import Draft
from imports_app.engine.reading import row_key
from imports_app.engine.types import Schema
from imports_app.engine.writers import Written, find
from imports_app.storage.changes import Action, Group, group_of
from imports_app.storage.images import Image, snapshot

Before = Mapping[Any, Image]
# By attribute and row index: the ids of the targets of many before and after.
Ties = Mapping[str, Mapping[int, tuple[Collection[Any], Collection[Any]]]]


def before(context: Context, schema: Schema, drafts: Sequence[Draft]) -> Before:
    """Return the images of the drafts' records that are there, none if nobody wants them."""
    if not context.import_.keep_changes:
        return {}
    pks = {pk for pk in find(schema, context.mode, drafts) if pk is not None}
    return snapshot(schema.model, pks)


def changes_of(
    context: Context,
    schema: Schema,
    drafts: Sequence[Draft],
    written: Written,
    earlier: tuple[Before, Ties],
) -> list[Group]:
    """Return what became of the drafts' own records; `earlier` are their images before, and what
    became of their ties to many others.
    """
    before, ties = earlier
    if not context.import_.keep_changes:
        return []
    records = written.records
    changed = [d for d in drafts if d.row.index in records and d.row.index not in written.same]
    after = snapshot(schema.model, [records[made.row.index] for made in changed])
    created = group_of(schema.model, Action.CREATED)
    updated = group_of(schema.model, Action.UPDATED)
    tagged = {name: group_of(schema.model, Action.TAGGED, name) for name in ties}
    for made in changed:
        index, pk = made.row.index, records[made.row.index]
        key, old = row_key(schema, made.row), before.get(pk)
        group = created if old is None else updated
        if old != after[pk]:
            group.add(index, key, pk, old, after[pk])
        for name, by_index in ties.items():
            if index in by_index:
                tagged[name].add(index, key, pk, *(sorted(map(str, n)) for n in by_index[index]))
    return [group for group in (created, updated, *tagged.values()) if group.pks]


def made_for(context: Context, schema: Schema, indexes: Mapping[Any, int]) -> Iterable[Group]:
    """Yield the group of records that were made for rows: id → the row's index."""
    if not context.import_.keep_changes or not indexes:
        return
    group = group_of(schema.model, Action.CREATED)
    for pk, image in snapshot(schema.model, indexes).items():
        group.add(indexes[pk], None, pk, None, image)
    yield group
