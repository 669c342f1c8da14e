"""Keeps what a write changes: in columns where the writer tells it, else a query for before and one
for after.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from imports_app.engine.holding import Context
from imports_app.engine.planning import Draft, Drafts, Match
from imports_app.engine.reading import keys_given, row_key
from imports_app.engine.types import Schema
from imports_app.engine.writers import Written, find
from imports_app.storage.groups import Action, Group, group_in_columns, group_of
from imports_app.storage.images import Image, snapshot
from imports_app.storage.states import States

Before = Mapping[Any, Image]
# By attribute and row index: the ids of the targets of many before and after.
Ties = Mapping[str, Mapping[int, tuple[Collection[Any], Collection[Any]]]]


def before(context: Context, schema: Schema, pks: Collection[Any]) -> Before:
    """Return the images of the records that are there, none if nobody wants them; an id is None
    where there is no record.
    """
    if not context.import_.keep_changes:
        return {}
    return snapshot(schema.model, {*pks} - {None})


def write_records(
    context: Context, schema: Schema, drafts: Drafts, images: Before | None = None
) -> Written:
    """Write the drafts' own records; what became of them is in the result's `changes`.

    `images` are those of the records, where the database has something else meanwhile.
    """
    written = _written(context, schema, drafts, images)
    context.created[schema.model] += written.created
    return written


def _written(context: Context, schema: Schema, drafts: Drafts, images: Before | None) -> Written:
    writer = context.writer_of(schema)
    if not context.import_.keep_changes:
        return writer.write(drafts)
    if images is None and writer.keeps(drafts):
        written = writer.write(drafts, keep=True)
        _name(schema, drafts, written.changes)
        return written
    if images is None:
        images = before(context, schema, find(schema, context.mode, drafts))
    written = writer.write(drafts)
    written.changes = _by_images(schema, drafts, written, images)
    return written


def _by_images(
    schema: Schema, drafts: Sequence[Draft], written: Written, images: Before
) -> list[Group]:
    records = {index: pk for index, pk in written.records.items() if index not in written.same}
    after = snapshot(schema.model, [*records.values()])
    created = group_of(schema.model, Action.CREATED)
    updated = group_of(schema.model, Action.UPDATED)
    for made in drafts:
        if (pk := records.get(made.row.index)) is None:
            continue
        old = images.get(pk)
        group = created if old is None else updated
        if old != after[pk]:
            group.add(made.row.index, row_key(schema, made.row), pk, old, after[pk])
    return [group for group in (created, updated) if len(group)]


def beside(
    schema: Schema, drafts: Sequence[Draft], written: Written, ties: Ties, same: set[int]
) -> Iterator[Group]:
    """Yield what was done to drafts' records besides writing them: their ties to many others, and
    `same`, whose own values did not change but what belongs to them did.
    """
    rows = {made.row.index: made.row for made in drafts}

    def group_for(action: Action, indexes: Sequence[int]) -> Group:
        records = [written.records[index] for index in indexes]
        group = group_in_columns(schema.model, action, indexes, records)
        group.keys = [row_key(schema, rows[index]) for index in indexes]
        return group

    if same:
        group = group_for(Action.UPDATED, sorted(same))
        group.old = group.new = States([], [])
        yield group
    for name, by_index in ties.items():
        group = group_for(Action.TAGGED, sorted(by_index))
        group.attribute = name
        states = [by_index[index] for index in sorted(by_index)]
        group.before = [sorted(map(str, before)) for before, _ in states]
        group.after = [sorted(map(str, after)) for _, after in states]
        yield group


def _name(schema: Schema, drafts: Drafts, groups: Iterable[Group]) -> None:
    """Give the groups of a writer their keys."""
    place_of = {index: place for place, index in enumerate(drafts.indexes)}
    for group in groups:
        places = [place_of[index] for index in group.indexes if index is not None]
        keys = None
        if drafts.match is Match.KEY:
            keys = keys_given(schema, [drafts.fields[place] for place in places])
        if keys is None:
            keys = [row_key(schema, drafts.rows[place]) for place in places]
        group.keys = [*keys]


def made_for(context: Context, schema: Schema, indexes: Mapping[Any, int]) -> Iterable[Group]:
    """Yield the group of records that were made for rows: id → the row's index."""
    if not context.import_.keep_changes or not indexes:
        return
    group = group_of(schema.model, Action.CREATED)
    for pk, image in snapshot(schema.model, indexes).items():
        group.add(indexes[pk], None, pk, None, image)
    yield group
