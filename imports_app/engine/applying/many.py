"""Write many-to-many targets, such as tags, as the rows' edits say."""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from typing import Any

from imports_app.engine.applying import recording
from imports_app.engine.applying.missing_records import ensure, one_maker_at_a_time
from imports_app.engine.applying.recording import Ties
from imports_app.engine.holding import Context
from imports_app.engine.planning import Ambiguous, Draft, find_by_key, find_targets
from imports_app.engine.reading import ManyEdit, Named, too_many
from imports_app.engine.types import AMBIGUOUS, MUST_EXIST, Many, Schema, schema_for_model
from imports_app.engine.writers import Written
from imports_app.importer import RowError

Known = Mapping[tuple[str, Any], Any]


def complete(context: Context, schema: Schema, drafts: Sequence[Draft], pks: Sequence[Any]) -> None:
    """Work out which targets each record shall have. One that isn't there yet, and can be made,
    stays Named.

    What can't be is added to the row's errors. A query for each way of naming, and one more.
    """
    for many in schema.many.values():
        edits = [
            (made, pk, edit)
            for made, pk in zip(drafts, pks, strict=True)
            if (edit := _edit(many, made))
        ]
        if edits:
            _complete(context, many, edits)


def _complete(context: Context, many: Many, edits: Sequence[tuple[Draft, Any, ManyEdit]]) -> None:
    known = _known(context, many, [edit for _, _, edit in edits])
    partial = [pk for _, pk, edit in edits if pk is not None and edit.all is None]
    current = {pk: set(ties) for pk, ties in current_ties(many, partial).items()}
    for made, pk, edit in edits:
        wanted = _wanted(many, edit, known, current.get(pk, set()), made.row.errors)
        made.many = {**(made.many or {}), many.attribute: wanted}


def write(context: Context, schema: Schema, drafts: Iterable[Draft], written: Written) -> Ties:
    """Set the targets of records just written; return the ids before and after of the rows that it
    changed.

    Four statements at most for each attribute, and three to make targets.
    """
    drafts = [*drafts]
    return {
        name: changed
        for name, many in schema.many.items()
        if (changed := _write(context, many, drafts, written))
    }


def _write(
    context: Context, many: Many, drafts: Iterable[Draft], written: Written
) -> dict[int, tuple[Collection[Any], Collection[Any]]]:
    records = written.records
    wanted = _edited(many, drafts, records)
    if not wanted:
        return {}
    names = {
        one.name: index
        for index, targets in wanted.items()
        for one in targets
        if isinstance(one, Named)
    }
    pks = _made(context, many, names, written) if names else {}
    current = current_ties(many, [records[index] for index in wanted])
    added, surplus = [], []
    changed: dict[int, tuple[Collection[Any], Collection[Any]]] = {}
    source, target = _names(many)
    for index, targets in wanted.items():
        here = current.get(records[index], {})
        there = {pks[one.name] if isinstance(one, Named) else one for one in targets}
        added += [
            _through(many)(**{source: records[index], target: pk}) for pk in there - here.keys()
        ]
        surplus += [here[pk] for pk in here.keys() - there]
        if there != here.keys():
            changed[index] = here.keys(), there
    if surplus:
        _through(many)._base_manager.filter(pk__in=surplus).delete()
    if added:
        _through(many)._base_manager.bulk_create(added)
    return changed


def _edited(
    many: Many, drafts: Iterable[Draft], records: Container[int]
) -> dict[int, Collection[Any]]:
    """Return the targets that each row wants, of the rows that edit them and have a record."""
    return {
        made.row.index: made.many[many.attribute]
        for made in drafts
        if made.many and many.attribute in made.many and made.row.index in records
    }


def _made(
    context: Context, many: Many, names: Mapping[str, int], written: Written
) -> Mapping[str, Any]:
    """Return the targets of these names, each with a row that wants it: name → id.

    Those that aren't there are made.
    """
    schema = schema_for_model(many.relation.to)
    one_maker_at_a_time(schema.model, context.mode)
    there = find_by_key(schema, [(name,) for name in names], mode=context.mode)
    pks = ensure(schema, names, mode=context.mode)
    new = {pk: names[name] for name, pk in pks.items() if (name,) not in there}
    written.changes.extend(recording.made_for(context, schema, new))
    return pks


def _edit(many: Many, made: Draft) -> ManyEdit | None:
    return made.row.parts.many.get(many.attribute) if made.row.parts else None


def _known(context: Context, many: Many, edits: Iterable[ManyEdit]) -> Known:
    """Return the targets that are there: how a row names one → id, or Ambiguous."""
    asked = {one for edit in edits for one in (*(edit.all or ()), *edit.add, *edit.remove)}
    found: dict[tuple[str, Any], Any] = {}
    for form in many.forms:
        names = {one.name for one in asked if one.lookup == form.lookup}
        by_name = find_targets(many.relation.to, form, names, mode=context.mode)
        found |= {(form.lookup, name): pk for name, pk in by_name.items()}
    return found


def _wanted(
    many: Many, edit: ManyEdit, known: Known, current: set[Any], errors: list[RowError]
) -> set[Any]:
    """Return the record's targets by the edit: ids, and the names of those that aren't there
    yet.
    """
    listed: set[Any] = current
    if edit.all is not None:
        listed = {_target(many, one, known, errors) for one in edit.all}
    listed = listed | {_target(many, one, known, errors) for one in edit.add}
    listed -= {known.get((one.lookup, one.name), one) for one in edit.remove}
    if len(listed) > many.most:
        errors.append(too_many(many, many.attribute))
    return listed


def _target(many: Many, one: Named, known: Known, errors: list[RowError]) -> Any:
    found = known.get((one.lookup, one.name), one)
    makes = many.makes_by is not None and many.makes_by.lookup == one.lookup
    if found is Ambiguous:
        errors.append(RowError(one.path, *AMBIGUOUS))
    elif found is one and not makes:
        errors.append(RowError(one.path, *MUST_EXIST))
    return found


def current_ties(many: Many, pks: Sequence[Any]) -> dict[Any, dict[Any, Any]]:
    """Return the targets of each record: the target's id → the id of the row that ties it to the
    record.
    """
    found: dict[Any, dict[Any, Any]] = {}
    if pks:
        source, target = _names(many)
        ties = _through(many)._base_manager.filter(**{f"{source}__in": pks})
        for pk, to, tie in ties.values_list(source, target, "pk"):
            found.setdefault(pk, {})[to] = tie
    return found


def _through(many: Many) -> Any:
    return many.field.remote_field.through


def _names(many: Many) -> tuple[str, str]:
    """Return the foreign keys of the table between the two, as field names (`attname`)."""
    return f"{many.field.m2m_field_name()}_id", f"{many.field.m2m_reverse_field_name()}_id"
