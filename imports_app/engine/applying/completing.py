"""Complete drafts whose turn has come, by the state of the database and the type's own code."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from imports_app.engine.applying import children, hashing, many
from imports_app.engine.applying.notices import note_keys
from imports_app.engine.applying.refused_values import attribute_of
from imports_app.engine.holding import Context
from imports_app.engine.planning import Draft, Match, merge
from imports_app.engine.types import Schema, model_errors, problem_of
from imports_app.engine.writers import find
from imports_app.importer import Derivation, RowError


def complete(context: Context, schema: Schema, drafts: Sequence[Draft]) -> Sequence[Draft]:
    """Complete drafts whose turn has come with the current state of the database.

    Returns those that can be written; the others have got errors.
    """
    if any(made.match is Match.ID for made in drafts):
        note_keys(schema, drafts)
    if not _looks_first(schema, drafts):
        return drafts
    pks = find(schema, context.mode, drafts)
    merge(schema, drafts, pks)
    if schema.importer.hashed:
        hashing.complete(context, schema, drafts, pks)
    if schema.derives:
        _derive(schema, drafts, pks)
    children.complete(context, schema, drafts, pks, complete_them=complete)
    if schema.many:
        many.complete(context, schema, drafts, pks)
    if schema.validates_by_model:
        _full_clean(schema, drafts, pks, mode=context.mode)
    if schema.has_before_write:
        _before_write(schema, drafts, pks)
    return [made for made in drafts if not made.row.errors]


def _looks_first(schema: Schema, drafts: Sequence[Draft]) -> bool:
    """Return whether any of the drafts needs completing; most don't, and cost no query then."""
    if schema.derives or schema.has_before_write or schema.validates_by_model:
        return True
    if any(made.row.parts or made.row.dotted for made in drafts):
        return True
    hashed_names = schema.importer.hashed.keys()
    return bool(hashed_names) and any(hashed_names & made.fields.keys() for made in drafts)


def _full_clean(schema: Schema, drafts: Sequence[Draft], pks: Sequence[Any], *, mode: str) -> None:
    """Call full_clean of each draft's record; `pks` are the ids of those that exist.

    What it sets is written, too; what it refuses fails the row. What rows point to is known to
    exist, and isn't looked at again.
    """
    known = schema.records(mode).in_bulk([pk for pk in pks if pk is not None])
    exclude = {link.name for link in schema.links}
    for made, pk in zip(drafts, pks, strict=True):
        record = known.get(pk) or schema.model(**schema.scope(mode))
        for name, value in made.fields.items():
            setattr(record, name, value)
        before = _values(record)
        try:
            record.full_clean(exclude=exclude)
        except ValidationError as error:
            made.row.errors.extend(model_errors(schema, error))
        else:
            after = _values(record)
            made.fields |= {n: after[n] for n in after if after[n] != before[n]}


def _values(record: Model) -> dict[str, Any]:
    """Return the values of the writable fields."""
    fields = record._meta.concrete_fields
    names = [f.attname for f in fields if not f.generated and not f.primary_key]
    return {name: getattr(record, name) for name in names}


def _derive(schema: Schema, drafts: Sequence[Draft], pks: Sequence[Any]) -> None:
    """Call the importer with the rows of one write; `pks` are the ids of those that exist.

    If it sets a value that its field can't hold, the row fails, as for a value of its own.
    """
    given = [dict(made.fields) for made in drafts]
    schema.importer.derive(
        [
            Derivation(pk, made.fields, made.row.instructions, made.row.errors)
            for made, pk in zip(drafts, pks, strict=True)
        ]
    )
    for made, before in zip(drafts, given, strict=True):
        made.row.errors.extend(_problems(schema, made, before))


def _problems(schema: Schema, made: Draft, before: Mapping[str, Any]) -> Iterator[RowError]:
    for field in schema.model._meta.concrete_fields:
        name = field.attname
        is_new = name in made.fields and made.fields[name] is not before.get(name)
        if is_new and (problem := problem_of(field, made.fields[name])):
            yield RowError(attribute_of(schema, field.column or name), *problem)


def _before_write(schema: Schema, drafts: Sequence[Draft], pks: Sequence[Any]) -> None:
    """Pass on the rows without errors; `pks` are the ids of the records that exist.

    The importer may add errors, and has copies of the fields.
    """
    rows = [
        Derivation(pk, {**made.fields}, made.row.instructions, made.row.errors)
        for made, pk in zip(drafts, pks, strict=True)
        if not made.row.errors
    ]
    if rows:
        schema.importer.before_write(rows)
