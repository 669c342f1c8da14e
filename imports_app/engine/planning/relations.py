"""Find the records that rows refer to, by one query for each way of referring."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from imports_app.engine.planning.lookup import Ambiguous, find_targets
from imports_app.engine.reading import Row, lift, parts_of
from imports_app.engine.types import (
    AMBIGUOUS,
    BLANK,
    MUST_EXIST,
    Form,
    Link,
    Schema,
    schema_for_model,
    target_records,
)
from imports_app.importer import RowError

# By the attributes that name a target, together if there are several: name → what was found.
Found = dict[tuple[str, ...], Mapping[Any, Any]]
# The same by relation and attribute, of all that a batch has asked for; Missing is known, too.
Known = dict[tuple[str, str], dict[Any, Any]]

MISMATCH = ("mismatch", "is given in two ways that name different records")


class Missing(Exception):
    """The target doesn't exist."""


class Partial(Exception):
    """Not all parts of a name are given."""


class Awaited(Exception):
    """The target doesn't exist yet; other rows may create it."""


@dataclass(frozen=True)
class ToCreate:
    """A target that doesn't exist and will be created from its key."""

    key: str


@dataclass(frozen=True)
class ToCome:
    """A target of the row's own type that doesn't exist yet: its names, by the row's attributes."""

    names: tuple[tuple[str, Any], ...]


def resolve_relations(  # noqa: PLR0913  (whose relations, and how far to go for each)
    schema: Schema,
    rows: Sequence[Row],
    *,
    mode: str,
    parent: Any = None,
    awaits: bool = False,
    known: Known | None = None,
) -> None:
    """Replace the forms in each row's values by the foreign key's value.

    `parent` is the value that rows get which don't say otherwise. What can't be found is added to
    the row's errors; but a target that can be made is left as ToCreate, for targets.py. With
    `awaits` one of the rows' own type is left as ToCome. What is `known` isn't asked for again.
    """
    known = {} if known is None else known
    for link in schema.links:
        default = parent if link.name == schema.importer.parent else None
        if default is not None or _are_given(link, rows):
            found = _find_all(link, rows, mode, known)
            for row in rows:
                _set(link, row, found, default, awaits=awaits and link.is_own)
        if link.relation.inline_among:
            _resolve_inline(link, rows, mode)
    for child in schema.children:
        brought = [(row, part) for row in rows for part in parts_of(row, child)]
        resolve_relations(child.schema, [part for _, part in brought], mode=mode)
        for row, part in brought:
            lift(part, row, f"{child.attribute}[{part.index}]")


def resolve_awaited(schema: Schema, rows: Sequence[Row], *, mode: str) -> None:
    """Do the same for what was left as ToCome, now that the rows before have taken effect."""
    for link in schema.own_links:
        field = link.field.attname
        waiting = [row for row in rows if isinstance(row.values.get(field), ToCome)]
        for row in waiting:
            row.values.update(row.values.pop(field).names)
        found = _find_all(link, waiting, mode, {})
        for row in waiting:
            _set(link, row, found, None, awaits=False)


def _resolve_inline(link: Link, rows: Sequence[Row], mode: str) -> None:
    """Targets that are given as objects may have relations of their own."""
    given = [
        (row, row.parts.inline[link.name])
        for row in rows
        if row.parts and link.name in row.parts.inline
    ]
    if given:
        resolve_relations(
            schema_for_model(link.relation.to), [part for _, part in given], mode=mode
        )
    for row, part in given:
        lift(part, row, link.name)


def _find_all(link: Link, rows: Sequence[Row], mode: str, known: Known) -> Found:
    """Return what the foreign key holds for each target, by what the rows call it in each way."""
    found: Found = {(form.attribute,): _find(link, form, rows, mode, known) for form in link.forms}
    if link.parts:
        found[_attributes(link.parts)] = _find_by_parts(link, rows, mode)
    return found


def _find_by_parts(link: Link, rows: Iterable[Row], mode: str) -> Mapping[Any, Any]:
    """Return the same for targets that are named by several parts: one query."""
    attributes = _attributes(link.parts)
    names = {tuple(row.values.get(name) for name in attributes) for row in rows}
    firsts = {name[0] for name in names if None not in name}
    if not firsts:
        return {}
    lookups = [form.lookup for form in link.parts]
    targets = target_records(link.relation.to, mode).filter(**{f"{lookups[0]}__in": firsts})
    found: dict[Any, Any] = {}
    for *name, value in targets.values_list(*lookups, link.target_field.attname):
        if (key := tuple(name)) in names and value is not None:
            found[key] = Ambiguous if key in found else value
    return found


def _attributes(forms: Iterable[Form]) -> tuple[str, ...]:
    return tuple(form.attribute for form in forms)


def _find(
    link: Link, form: Form, rows: Iterable[Row], mode: str, known: Known
) -> Mapping[Any, Any]:
    """Return what the foreign key holds for each target, by what the rows call it."""
    names = {name for row in rows if (name := row.values.get(form.attribute)) is not None}
    found = known.setdefault((link.name, form.attribute), {})
    if new := names - found.keys():
        held = link.field.target_field
        found |= find_targets(link.relation.to, form, new, mode=mode, held=held)
        if not (link.is_own or link.relation.makes or link.relation.inline_among):
            found |= dict.fromkeys(new - found.keys(), Missing)
    return found


def _are_given(link: Link, rows: Iterable[Row]) -> bool:
    """Return whether any row says something of the relation."""
    names = link.attributes
    return any(name in row.values for row in rows for name in names)


def _absent(link: Link, attribute: str, name: Any, *, awaits: bool) -> Any:
    """Return the marker for a target that wasn't found."""
    if awaits:
        return Awaited
    makes = link.relation.makes and link.key_form and attribute == link.key_form.attribute
    return ToCreate(name) if makes else Missing


def _set(link: Link, row: Row, found: Found, default: Any, *, awaits: bool) -> None:
    values = row.values
    given = [name for name in link.attributes if name in values]
    if not given:
        if default is not None:
            values[link.field.attname] = default
        return
    names = {name: values.pop(name) for name in given}
    targets = {*_targets(link, names, found, awaits=awaits)}
    if Awaited in targets:
        values[link.field.attname] = ToCome(tuple(names.items()))
    elif Partial in targets:
        lacking = [name for name in _attributes(link.parts) if names.get(name) is None]
        row.errors.extend(RowError(name, *BLANK) for name in lacking)
    elif Missing in targets:
        row.errors.append(RowError(link.name, *MUST_EXIST))
    elif Ambiguous in targets:
        row.errors.append(RowError(link.name, *AMBIGUOUS))
    elif len(targets) > 1:
        row.errors.append(RowError(link.name, *MISMATCH))
    else:
        values[link.field.attname] = targets.pop()


def _targets(link: Link, names: Mapping[str, Any], found: Found, *, awaits: bool) -> Iterator[Any]:
    """Yield the target by each way in which the row names it; None where that is null."""
    for attributes, by_name in found.items():
        given = tuple(names.get(name) for name in attributes)
        if names.keys().isdisjoint(attributes):
            continue
        if {*given} == {None}:
            yield None
        elif None in given:
            yield Partial
        else:
            name = given if len(attributes) > 1 else given[0]
            absent = _absent(link, attributes[0], name, awaits=awaits)
            yield by_name.get(name, absent)
