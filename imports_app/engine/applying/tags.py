"""Gives records the tags that their rows edit for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from imports_app.engine.applying import keeping
from imports_app.engine.applying.keeping import TagChanges
from imports_app.engine.applying.targets import ensure, one_maker_at_a_time
from imports_app.engine.holding import Context
from imports_app.engine.planning import Draft, find_by_id, find_by_key
from imports_app.engine.reading import TOO_MANY, TagEdit, TagId, TagName
from imports_app.engine.types import MAX_TAGS, MUST_EXIST, TAGS, Schema, schema_for_model
from imports_app.engine.writers import Written
from imports_app.importer import RowError
from imports_app.models.ids import parse_id


def complete(context: Context, schema: Schema, drafts: Sequence[Draft], pks: Sequence[Any]) -> None:
    """Work out which tags each record shall have. One that isn't there yet stays a TagName.

    What can't be is added to the row's errors. Three queries at most.
    """
    edits = [
        (made, pk, edit) for made, pk in zip(drafts, pks, strict=True) if (edit := _edit(made))
    ]
    if not edits:
        return
    known = _known(context, schema, [edit for _, _, edit in edits])
    partial = [pk for _, pk, edit in edits if pk is not None and edit.all is None]
    current = {pk: set(tags) for pk, tags in current_tags(schema, partial).items()}
    for made, pk, edit in edits:
        made.tags = _wanted(edit, known, current.get(pk, set()), made.row.errors)


def write(
    context: Context, schema: Schema, drafts: Iterable[Draft], written: Written
) -> TagChanges:
    """Set the tags of records just written; return the ids before and after of the rows that it
    changed.

    Four statements at most, and three to make tags.
    """
    records = written.records
    wanted = {
        made.row.index: made.tags
        for made in drafts
        if made.tags is not None and made.row.index in records
    }
    if not wanted:
        return {}
    names = {
        tag.name: index
        for index, tags in wanted.items()
        for tag in tags
        if isinstance(tag, TagName)
    }
    pks = _made(context, _target(schema), names, written) if names else {}
    current = current_tags(schema, [records[index] for index in wanted])
    added, surplus = [], []
    changed: dict[int, tuple[Collection[Any], Collection[Any]]] = {}
    source, target = _names(schema)
    for index, tags in wanted.items():
        here = current.get(records[index], {})
        there = {pks[tag.name] if isinstance(tag, TagName) else tag for tag in tags}
        added += [
            _through(schema)(**{source: records[index], target: pk}) for pk in there - here.keys()
        ]
        surplus += [here[pk] for pk in here.keys() - there]
        if there != here.keys():
            changed[index] = here.keys(), there
    if surplus:
        _through(schema)._base_manager.filter(pk__in=surplus).delete()
    if added:
        _through(schema)._base_manager.bulk_create(added)
    return changed


def _made(
    context: Context, schema: Schema, names: Mapping[str, int], written: Written
) -> Mapping[str, Any]:
    """Return the tags of these names, each with a row that wants it: name → id.

    Those that aren't there are made.
    """
    one_maker_at_a_time(schema.model, context.mode)
    there = find_by_key(schema, [(name,) for name in names], mode=context.mode)
    pks = ensure(schema, names, mode=context.mode)
    new = {pk: names[name] for name, pk in pks.items() if (name,) not in there}
    written.changes.extend(keeping.made_for(context, schema, new))
    return pks


def _edit(made: Draft) -> TagEdit | None:
    return made.row.parts.tags if made.row.parts else None


def _known(context: Context, schema: Schema, edits: Iterable[TagEdit]) -> dict[Any, Any]:
    """Return the tags that are there: TagName or id as the row has it → id."""
    target = _target(schema)
    tags = {tag for edit in edits for tag in (*(edit.all or ()), *edit.add, *edit.remove)}
    ids = {t.id: pk for t in tags if isinstance(t, TagId) and (pk := parse_id(target.pk, t.id))}
    names = [(tag.name,) for tag in tags if isinstance(tag, TagName)]
    by_id = find_by_id(target, ids.values(), mode=context.mode)
    by_key = find_by_key(target, names, mode=context.mode)
    found = {text: pk for text, pk in ids.items() if pk in by_id}
    return found | {TagName(name): pk for (name,), pk in by_key.items()}


def _wanted(
    edit: TagEdit, known: Mapping[Any, Any], current: set[Any], errors: list[RowError]
) -> set[Any]:
    """Return the record's tags by the edit: ids, and the TagNames of those that aren't there
    yet.
    """
    listed: set[Any] = current
    if edit.all is not None:
        missing = [tag for tag in edit.all if isinstance(tag, TagId) and tag.id not in known]
        errors.extend(RowError(tag.path, *MUST_EXIST) for tag in missing)
        listed = {known.get(tag.id if isinstance(tag, TagId) else tag, tag) for tag in edit.all}
    listed = listed | {known.get(tag, tag) for tag in edit.add}
    listed -= {known.get(tag, tag) for tag in edit.remove}
    if len(listed) > MAX_TAGS:
        errors.append(RowError(TAGS, *TOO_MANY))
    return listed


def current_tags(schema: Schema, pks: Sequence[Any]) -> dict[Any, dict[Any, Any]]:
    """Return the tags of each record: the tag's id → the id of the row that ties it to the
    record.
    """
    found: dict[Any, dict[Any, Any]] = {}
    if pks:
        source, target = _names(schema)
        ties = _through(schema)._base_manager.filter(**{f"{source}__in": pks})
        for pk, tag, tie in ties.values_list(source, target, "pk"):
            found.setdefault(pk, {})[tag] = tie
    return found


def _target(schema: Schema) -> Schema:
    return schema_for_model(schema.tag_field.related_model)


def _through(schema: Schema) -> Any:
    return schema.tag_field.remote_field.through


def _names(schema: Schema) -> tuple[str, str]:
    """Return the foreign keys of the table between records and tags, as field names (`attname`)."""
    return (
        f"{schema.tag_field.m2m_field_name()}_id",
        f"{schema.tag_field.m2m_reverse_field_name()}_id",
    )
