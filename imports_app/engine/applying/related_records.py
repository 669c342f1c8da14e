"""Write records with everything that belongs to them; raise what the database refuses."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import IntegrityError

from imports_app.engine.applying import many, recording
from imports_app.engine.applying.parking import parked
from imports_app.engine.holding import Context
from imports_app.engine.planning import Draft, Drafts, Match, Step, steps
from imports_app.engine.types import Schema
from imports_app.engine.writers import (
    Written,
    database_now,
    find,
    moment,
    settle_references,
    touched_fields,
)


def exchange(
    context: Context, schema: Schema, step: Step, groups: Sequence[Sequence[Draft]]
) -> Written:
    """Write all of the step's drafts at once, with their records' old values out of the way."""
    found = [
        pair
        for group in groups
        for pair in zip(group, find(schema, context.mode, group), strict=True)
    ]
    givers = {
        pk: (made, step.given[made.row.index]) for made, pk in found if made.row.index in step.given
    }
    written = Written()
    before = recording.before(context, schema, [pk for _, pk in found])
    with parked(schema, givers):
        for group in groups:
            written.add(write_whole(context, schema, group, before))
        if len(written.ids) < len(step.drafts):
            raise IntegrityError("a row that exchanges a value took no effect")
    return written


def write_whole(
    context: Context,
    schema: Schema,
    drafts: Sequence[Draft],
    before: recording.Before | None = None,
) -> Written:
    """Write the drafts' records with their children, tags and other targets.

    `before` are the images of the records, where the database has something else meanwhile.
    """
    written = recording.write_records(context, schema, Drafts.of(drafts), before)
    changed: set[int] = set()
    ties: recording.Ties = {}
    if any(made.many for made in drafts):
        ties = many.write(context, schema, drafts, written)
        changed = changed.union(*ties.values())
    if any(made.children for made in drafts):
        changed |= _write_children(context, schema, drafts, written)
    same = written.changed_after_all(changed)
    if same:
        _touch(schema, [written.records[index] for index in same])
    if context.import_.keep_changes and (ties or same):
        written.changes += recording.beside(schema, drafts, written, ties, same)
    return written


def groups_of(context: Context, schema: Schema, step: Step) -> list[list[Draft]]:
    """Return what one call of a writer takes."""
    sound: Sequence[Draft] = step.drafts
    if any(made.match is Match.REFERENCE for made in sound):
        sound = settle_references(schema, context.mode, sound)
    matches = sorted({made.match for made in sound})
    return [[made for made in sound if made.match is match] for match in matches]


def _write_children(
    context: Context, schema: Schema, drafts: Sequence[Draft], written: Written
) -> set[int]:
    """Write the children, and return the indexes of the rows of which one was created or updated.

    Those of a row that took no effect are left out.
    """
    changed: set[int] = set()
    owners = [made for made in drafts if made.row.index in written.records]
    for child in schema.children:
        brought = [
            (made, inner) for made in owners for inner in made.children.get(child.attribute, ())
        ]
        held = child.link.held({written.records[made.row.index] for made, _ in brought})
        for made, inner in brought:
            inner.fields[child.link.field.attname] = held[written.records[made.row.index]]
        owner_of = {inner.row.index: made.row.index for made, inner in brought}
        inners = [inner for _, inner in brought]
        for inner_written in _write_steps(context, child.schema, inners):
            if inner_written.incomplete:
                raise IntegrityError("a new child lacks what it needs")
            for group in inner_written.changes:
                group.indexes = [owner_of[index] for index in group.indexes if index is not None]
            written.changes += inner_written.changes
            done = inner_written.records.keys() - inner_written.same
            changed.update(owner_of[index] for index in done)
    return changed


def _write_steps(context: Context, schema: Schema, drafts: Sequence[Draft]) -> Iterator[Written]:
    """Write children in turn. Raise what the database refuses, for the rows that bring them."""
    for step in steps(schema, drafts, mode=context.mode):
        groups = groups_of(context, schema, step)
        if step.given:
            yield exchange(context, schema, step, [*groups])
        else:
            yield from (write_whole(context, schema, group) for group in groups)


def _touch(schema: Schema, pks: Sequence[Any]) -> None:
    """Note that the records were written, though no column of their own was."""
    now = database_now()
    stamps = {field.attname: moment(field, now) for field in touched_fields(schema.model)}
    if pks and stamps:
        schema.model._base_manager.filter(pk__in=pks).update(**stamps)
