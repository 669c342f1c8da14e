"""Writes the rows of a batch, in turn where they could meet, and isolates what is refused."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from copy import copy
from typing import Any

from django.db import Error, IntegrityError

from imports_app.database import atomic
from imports_app.engine.applying import keeping, many
from imports_app.engine.applying.parking import CannotPark, parked
from imports_app.engine.applying.preparing import prepare
from imports_app.engine.applying.presence import Presence
from imports_app.engine.applying.refusal import explain
from imports_app.engine.applying.refused import REFUSALS, refusals
from imports_app.engine.holding import Context
from imports_app.engine.planning import Draft, Drafts, Match, Step, steps
from imports_app.engine.types import BASE, EXCHANGED, ID, MUST_EXIST, Schema
from imports_app.engine.writers import (
    Written,
    database_now,
    find,
    moment,
    settle_references,
    touched_fields,
)
from imports_app.importer import RowError


def write(context: Context, drafts: Sequence[Draft], *, isolating: bool) -> Written:
    """Create and update the records of the drafts; add errors to the rows that fail.

    With `isolating` every write gets a savepoint, and what the database refuses is halved until the
    row stands alone; without, the refusal is raised and the transaction is lost.
    """
    written = Written()
    presence = Presence(context.import_, context.schema, written, context.early)
    if isinstance(drafts, Drafts) and presence.is_default and not isolating:
        with refusals():
            written.add(_write_records(context, context.schema, drafts))
        for made in written.incomplete:
            presence.absent(made)
        return written
    drafts = [*drafts]
    presence.expect(drafts)
    for step in steps(context.schema, drafts, mode=context.mode):
        groups = (
            prepare(context, context.schema, presence.sift(group))
            for group in _groups(context, context.schema, step)
        )
        if step.given:
            _write_together(context, step, [*filter(None, groups)], written, isolating=isolating)
            continue
        for ready in filter(None, groups):
            _write(context, ready, written, isolating=isolating)
    for made in written.incomplete:
        presence.absent(made)
    return written


def write_back(
    context: Context, schema: Schema, drafts: Drafts, many_of: Mapping[Any, Mapping[str, set[Any]]]
) -> Written:
    """Write drafts by id of any type as they are; each that is refused by itself gets errors.

    `many_of` are the targets of many that records shall have, by id and attribute.
    """
    own = copy(context)
    own.schema = schema
    if not many_of and _meets_nothing(schema, drafts):
        with suppress(*REFUSALS), refusals(), atomic():
            return _checked(_write_records(own, schema, drafts))
    written = Written()
    single = [*drafts]
    for made in single:
        made.many = {**many_of.get(made.pk, {})}
    for step in steps(schema, single, mode=context.mode):
        if step.given:
            _write_together(own, step, [step.drafts], written, isolating=True)
        else:
            _write(own, step.drafts, written, isolating=True)
    return _checked(written)


def _meets_nothing(schema: Schema, drafts: Drafts) -> bool:
    """Return whether none of the drafts gives a value that no other record may have."""
    names = {name for shape in {*drafts.shapes} for name in shape}
    unique = {*schema.found_by}.union(*schema.other_unique_names)
    return names.isdisjoint(unique)


def _checked(written: Written) -> Written:
    for made in written.incomplete:
        made.row.errors.append(RowError(ID, *MUST_EXIST))
    return written


def _groups(context: Context, schema: Schema, step: Step) -> list[list[Draft]]:
    """Return what one call of a writer takes."""
    sound: Sequence[Draft] = step.drafts
    if any(made.match is Match.REFERENCE for made in sound):
        sound = settle_references(schema, context.mode, sound)
    matches = sorted({made.match for made in sound})
    return [[made for made in sound if made.match is match] for match in matches]


def _write(context: Context, drafts: Sequence[Draft], written: Written, *, isolating: bool) -> None:
    if not isolating:
        with refusals():
            written.add(_write_whole(context, context.schema, drafts))
        return
    try:
        with refusals(), atomic():
            result = _write_whole(context, context.schema, drafts)
    except REFUSALS as error:
        _isolate(context, drafts, written, error)
    else:
        written.add(result)


def _write_together(
    context: Context,
    step: Step,
    groups: Sequence[Sequence[Draft]],
    written: Written,
    *,
    isolating: bool,
) -> None:
    """Let drafts exchange their unique values; if one of them fails, they are taken in turn."""
    ready = {made.row.index for group in groups for made in group}
    refusal: Error | None = IntegrityError("a row that exchanges a value failed before")
    if len(ready) == len(step.drafts):
        refusal = _refusal_of_all(context, step, groups, written, isolating=isolating)
    if refusal is None:
        return
    for made in step.drafts:
        if made.row.index in ready:
            _write(context, [made], written, isolating=isolating)
            if made.row.errors and isinstance(refusal, CannotPark):
                made.row.errors.append(RowError(BASE, *EXCHANGED))


def _refusal_of_all(
    context: Context,
    step: Step,
    groups: Sequence[Sequence[Draft]],
    written: Written,
    *,
    isolating: bool,
) -> Error | None:
    """Write all of them; return what the database said if it refused, with nothing left of it."""
    try:
        with atomic(savepoint=isolating):
            result = _exchange(context, context.schema, step, groups)
    except REFUSALS as error:
        if isolating:
            return error
        raise
    written.add(result)
    return None


def _exchange(
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
    before = keeping.before(context, schema, [pk for _, pk in found])
    with parked(schema, givers):
        for group in groups:
            written.add(_write_whole(context, schema, group, before))
        if len(written.ids) < len(step.drafts):
            raise IntegrityError("a row that exchanges a value took no effect")
    return written


def _write_whole(
    context: Context,
    schema: Schema,
    drafts: Sequence[Draft],
    before: keeping.Before | None = None,
) -> Written:
    """Write the drafts' records with all that is theirs: children, tags and other targets.

    `before` are the images of the records, where the database has something else meanwhile.
    """
    written = _write_records(context, schema, Drafts.of(drafts), before)
    changed: set[int] = set()
    ties: keeping.Ties = {}
    if any(made.many for made in drafts):
        ties = many.write(context, schema, drafts, written)
        changed = changed.union(*ties.values())
    if any(made.children for made in drafts):
        changed |= _write_children(context, schema, drafts, written)
    same = written.changed_after_all(changed)
    if same:
        _touch(schema, [written.records[index] for index in same])
    if context.import_.keep_changes:
        written.changes += keeping.beside(schema, drafts, written, ties, same)
    return written


def _write_records(
    context: Context, schema: Schema, drafts: Drafts, before: keeping.Before | None = None
) -> Written:
    written = keeping.write_records(context, schema, drafts, before)
    context.created[schema.model] += written.created
    return written


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
        groups = _groups(context, schema, step)
        if step.given:
            yield _exchange(context, schema, step, [*groups])
        else:
            yield from (_write_whole(context, schema, group) for group in groups)


def _touch(schema: Schema, pks: Sequence[Any]) -> None:
    """Note that the records were written, though no column of their own was."""
    now = database_now()
    stamps = {field.attname: moment(field, now) for field in touched_fields(schema.model)}
    if pks and stamps:
        schema.model._base_manager.filter(pk__in=pks).update(**stamps)


def _isolate(context: Context, drafts: Sequence[Draft], written: Written, error: Error) -> None:
    """Find the row that the database refuses; the others take effect, in their order."""
    if len(drafts) == 1:
        drafts[0].row.errors.extend(explain(context.schema, error, drafts[0].fields))
        return
    middle = len(drafts) // 2
    _write(context, drafts[:middle], written, isolating=True)
    _write(context, drafts[middle:], written, isolating=True)
