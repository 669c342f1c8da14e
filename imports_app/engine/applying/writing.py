"""Write the rows of a batch, in turn where they could conflict, and isolate refused rows."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from copy import copy
from typing import Any

from django.db import Error, IntegrityError

from imports_app.database import atomic
from imports_app.engine.applying.completing import complete
from imports_app.engine.applying.parking import CannotPark
from imports_app.engine.applying.presence import Presence
from imports_app.engine.applying.recording import write_records
from imports_app.engine.applying.refusals import REFUSALS, explain, refusals
from imports_app.engine.applying.related_records import exchange, groups_of, write_whole
from imports_app.engine.applying.searching import refused_among
from imports_app.engine.holding import Context
from imports_app.engine.planning import Draft, Drafts, Step, steps
from imports_app.engine.types import BASE, EXCHANGED, ID, MUST_EXIST, Schema
from imports_app.engine.writers import Written
from imports_app.importer import RowError
from imports_app.storage.groups import Group

PARTS = 8  # into which refused rows are divided: halves would need twice as many tries


def write(context: Context, drafts: Sequence[Draft], *, isolating: bool) -> Written:
    """Create and update the records of the drafts; add errors to the rows that fail.

    With `isolating` every write gets a savepoint, and of what the database refuses the rows to
    blame are found; without, the refusal is raised and the transaction is lost.
    """
    written = Written()
    presence = Presence(context.import_, context.schema, written, context.early)
    if isinstance(drafts, Drafts) and presence.is_default and not isolating:
        with refusals():
            written.add(write_records(context, context.schema, drafts))
        for made in written.incomplete:
            presence.absent(made)
        return written
    drafts = [*drafts]
    presence.expect(drafts)
    for step in steps(context.schema, drafts, mode=context.mode):
        groups = (
            complete(context, context.schema, presence.sift(group))
            for group in groups_of(context, context.schema, step)
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
            return _checked(write_records(own, schema, drafts))
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


def _write(context: Context, drafts: Sequence[Draft], written: Written, *, isolating: bool) -> None:
    if not isolating:
        with refusals():
            written.add(write_whole(context, context.schema, drafts))
        return
    try:
        with refusals(), atomic():
            result = write_whole(context, context.schema, drafts)
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
    """Write all of them; if the database refuses, undo that and return its error."""
    try:
        with atomic(savepoint=isolating):
            result = exchange(context, context.schema, step, groups)
    except REFUSALS as error:
        if isolating:
            return error
        raise
    written.add(result)
    return None


def _isolate(context: Context, drafts: Sequence[Draft], written: Written, error: Error) -> None:
    """Find the rows that the database refuses; the others take effect, in their order."""
    if len(drafts) == 1:
        drafts[0].row.errors.extend(explain(context.schema, error, drafts[0].fields))
        return
    if _write_others(context, drafts, written):
        return
    size = -(-len(drafts) // PARTS)
    for first in range(0, len(drafts), size):
        _write(context, drafts[first : first + size], written, isolating=True)


def _write_others(context: Context, drafts: Sequence[Draft], written: Written) -> bool:
    """Have the writer find the refused rows, and write the others at once; return whether both
    worked.
    """
    if any(made.children or made.many for made in drafts):
        return False
    refused = refused_among(context.writer, drafts)
    if not refused:
        return False
    others = [made for place, made in enumerate(drafts) if place not in refused]
    if others:
        try:
            with refusals(), atomic():
                result = write_whole(context, context.schema, others)
        except REFUSALS:
            return False
        written.add(result)
    for place, error in refused.items():
        made = drafts[place]
        made.row.errors.extend(explain(context.schema, error, made.fields))
    return True


def restore(context: Context, schema: Schema, group: Group) -> Sequence[int]:
    """Put records back that are as an import left them, where the database can do that with many at
    once; return their places in the group.
    """
    with suppress(*REFUSALS), refusals(), atomic():
        return context.writer_of(schema).restore(group)
    return ()
