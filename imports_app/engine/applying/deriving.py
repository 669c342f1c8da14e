"""Let a type complete its rows with values from other records."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from imports_app.engine.applying.refused_values import attribute_of
from imports_app.engine.planning import Draft
from imports_app.engine.types import Schema, problem_of
from imports_app.importer import Derivation, RowError


def derive(schema: Schema, drafts: Sequence[Draft], pks: Sequence[Any]) -> None:
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
