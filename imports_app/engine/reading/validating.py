"""Validate rows: each gets its values, or all of its errors."""

from collections.abc import Callable, Sequence, Set
from typing import Any

from msgspec import Raw
from pydantic import ValidationError

from imports_app.engine.reading.many_edits import ManyEdit, edit_of
from imports_app.engine.reading.row import Parts, Row, lift
from imports_app.engine.reading.rows import Rows
from imports_app.engine.reading.unstorable import NUL_ESCAPE, refuse_unstorable
from imports_app.engine.types import (
    BASE,
    TYPE,
    Schema,
    exact,
    has_decimals,
    row_error,
    rows_validator,
    schema_for_model,
    validator,
)
from imports_app.importer import RowError

MAX_ERRORS = 1_000  # of one row; telling each takes far longer than finding it

Values = dict[str, Any]


def texts_of(schema: Schema, raws: Sequence[Raw]) -> bytes:
    """Return the rows as an array, with their decimals in the form that validation takes."""
    texts = [exact(schema, raw) for raw in raws] if has_decimals(schema) else raws
    return b"[%b]" % b",".join(texts)


def validate(schema: Schema, rows: Rows, text: bytes) -> None:
    """Validate the rows, whose text that is; a row with something wrong gets its errors."""
    found = _values(schema, rows, text)
    rows.take([values or {} for values in found])
    failed = set()
    for place in [place for place, values in enumerate(found) if values is None]:
        row = rows[place]
        if _validate_alone(schema, row):
            rows.values[place] = row.values
        else:
            failed.add(place)
    _finish(schema, rows.values, rows.__getitem__, failed, nul=NUL_ESCAPE in text)


def _values(schema: Schema, rows: Rows, text: bytes) -> Sequence[Values | None]:
    """Return what the rows, whose text that is, hold; None for one to be validated alone.

    All are taken in one call, since a call takes as long as a row.
    """
    try:
        values: list[Values | None] = rows_validator(schema).validate_json(text, strict=True)
    except ValidationError:  # a row that can't even be parsed, and hides the errors of the others
        return [None] * len(rows)
    return values


def _validate_alone(schema: Schema, row: Row) -> bool:
    """Return whether the row is valid; if it isn't, say in the row all that is wrong with it."""
    text = exact(schema, row.raw) if has_decimals(schema) else row.raw
    try:
        row.values = validator(schema).validate_json(bytes(text), strict=True)
    except ValidationError as error:
        if (count := error.error_count()) > MAX_ERRORS:
            row.errors.append(RowError(BASE, "too_many_errors", f"has {count} errors, too many"))
            return False
        row.errors += [row_error(details) for details in error.errors(include_url=False)]
        return False
    return True


def _finish(
    schema: Schema,
    values: Sequence[Values],
    row_of: Callable[[int], Row],
    failed: Set[int],
    *,
    nul: bool,
) -> None:
    """Do what is left once the types are right; for children's rows too.

    `row_of` makes the row of a place, of which there is something to say; `failed` are the places
    of those that have no values. `nul` says whether their text may hold a null character.
    """
    if TYPE not in schema.by_attribute:
        for given in values:
            given.pop(TYPE, None)
    refuse_unstorable(schema, values, row_of, nul=nul)
    if schema.has_rules:
        for place, given in enumerate(values):
            if place not in failed and (errors := [*schema.importer.validate(given)]):
                row_of(place).errors.extend(errors)
    if names := schema.nested_attributes:
        for place, given in enumerate(values):
            if not names.isdisjoint(given):
                row = row_of(place)
                row.parts = _parts(schema, row, nul=nul)


def _parts(schema: Schema, row: Row, *, nul: bool) -> Parts:
    """Take out of the row's values what belongs into other tables, or nowhere."""
    names = schema.nested_attributes & row.values.keys()
    taken = {name: row.values.pop(name) for name in names}
    children = {
        child.attribute: [
            _part(child.schema, row, *item, nul=nul) for item in enumerate(taken[child.attribute])
        ]
        for child in schema.children
        if child.attribute in taken
    }
    inline = {
        link.name: _part(schema_for_model(link.relation.to), row, 0, taken[link.name], nul=nul)
        for link in schema.links
        if link.name in taken
    }
    for attribute, rows in children.items():
        for child in rows:
            child.dotted = row.dotted and row.dotted.get(attribute)
            lift(child, row, f"{attribute}[{child.index}]")
    for name, part in inline.items():
        lift(part, row, name)
    instructions = {name: taken[name] for name in schema.instructions.keys() & taken.keys()}
    return Parts(instructions, children, inline, _many(schema, row, taken))


def _many(schema: Schema, row: Row, taken: Values) -> dict[str, ManyEdit]:
    return {
        name: edit_of(many, taken, row.errors)
        for name, many in schema.many.items()
        if not taken.keys().isdisjoint(many.names)
    }


def _part(schema: Schema, row: Row, index: int, values: Values, *, nul: bool) -> Row:
    part = Row(index, row.raw, values)
    _finish(schema, [values], lambda _: part, frozenset(), nul=nul)
    return part
