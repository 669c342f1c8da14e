"""Complete children: the records that rows bring along under their own."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from imports_app.engine.holding import Context
from imports_app.engine.planning import Draft, Match, draft, find_by_key
from imports_app.engine.reading import Row, lift, parts_of
from imports_app.engine.types import AMBIGUOUS, ID, MUST_EXIST, REFERENCE, Child, Schema
from imports_app.engine.writers import referred
from imports_app.importer import RowError

Complete = Callable[[Context, Schema, Sequence[Draft]], Any]


def complete(
    context: Context,
    schema: Schema,
    drafts: Sequence[Draft],
    pks: Sequence[Any],
    *,
    complete_them: Complete,
) -> None:
    """Draft the children of each draft, whose record has the id of `pks` if it exists.

    Their errors are added to those of the row that brings them.
    """
    for child in schema.children:
        bringing = [
            (made, pk, parts)
            for made, pk in zip(drafts, pks, strict=True)
            if (parts := parts_of(made.row, child))
        ]
        held = child.link.held({pk for _, pk, _ in bringing} - {None})
        brought = [(made, held.get(pk), part) for made, pk, parts in bringing for part in parts]
        if brought:
            _complete(context, child, brought, complete_them)


def _complete(
    context: Context,
    child: Child,
    brought: Sequence[tuple[Draft, Any, Row]],
    complete_them: Complete,
) -> None:
    """Draft the children; `brought` has what the foreign key of each holds, None if it is new."""
    places = [part.index for _, _, part in brought]
    for n, (_, parent, part) in enumerate(brought):
        part.index = n  # the writer identifies its rows by it
        part.values[child.link.field.attname] = parent
    drafts = draft(child.schema, [part for _, _, part in brought], mode=context.mode)
    _check(context, child, drafts, [(made.row.index, parent) for made, parent, _ in brought])
    complete_them(context, child.schema, [made for made in drafts if not made.row.errors])
    for (made, _, part), place in zip(brought, places, strict=True):
        lift(part, made.row, f"{child.attribute}[{place}]")
    for made in drafts:
        owner, _, _ = brought[made.row.index]
        owner.children.setdefault(child.attribute, []).append(made)


def _check(
    context: Context, child: Child, drafts: Sequence[Draft], owners: Sequence[tuple[int, Any]]
) -> None:
    """Fail children that name a record of another parent, or lack a required attribute.

    `owners` are the index of the row that brings each, and what the foreign key to it holds.
    """
    parents = _parents(child, [made.pk for made in drafts if made.match is Match.ID])
    incomplete = [made for made in drafts if made.missing and made.match is Match.KEY]
    there = _there(context, child, incomplete)
    referred = _referred(context, child, drafts)
    coming = set()
    for made in drafts:
        owner, parent = owners[made.row.index]
        if made.match is Match.ID:
            if parent is None or parents.get(made.pk) != parent:
                made.row.errors.append(RowError(ID, *MUST_EXIST))
        elif made.match is Match.KEY:
            key = child.schema.key_of(made.fields)
            if made.missing and key not in there and (owner, key) not in coming:
                made.row.errors.extend(made.missing)
            coming.add((owner, key))
        elif made.match is Match.REFERENCE:
            found, key = referred[made.row.index], made.fields[REFERENCE]
            if len(found) > 1:
                made.row.errors.append(RowError(REFERENCE, *AMBIGUOUS))
            elif not found and (owner, key) not in coming:
                made.row.errors.extend(made.missing)
            coming.add((owner, key))


def _parents(child: Child, pks: Sequence[Any]) -> dict[Any, Any]:
    if not pks:
        return {}
    found = child.schema.model._base_manager.filter(pk__in=pks)
    return dict(found.values_list("pk", child.link.field.attname))


def _referred(context: Context, child: Child, drafts: Sequence[Draft]) -> dict[int, list[Any]]:
    """Return the records under the row's own that each may mean by its reference, by the index."""
    found = referred(child.schema, context.mode, drafts)
    return {drafts[place].row.index: pks for place, pks in found.items()}


def _there(context: Context, child: Child, drafts: Iterable[Draft]) -> set[Any]:
    """Return the keys of those whose record exists; what would be under a new record doesn't."""
    field = child.link.field.attname
    keys = [child.schema.key_of(d.fields) for d in drafts if d.fields[field] is not None]
    return set(find_by_key(child.schema, keys, mode=context.mode))
