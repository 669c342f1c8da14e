"""Rows on their way to the database: decoded, validated, and with what is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
from pydantic import ValidationError

from imports_app.engine.reading.cells import cast_rows
from imports_app.engine.reading.tag_edits import TagEdit, edit_of
from imports_app.engine.reading.unstorable import refuse_unstorable
from imports_app.engine.types import (
    BASE,
    TAG_HINTS,
    TYPE,
    Child,
    Schema,
    exact,
    has_decimals,
    row_error,
    rows_validator,
    schema_for_model,
    validator,
)
from imports_app.importer import RowError
from imports_app.inputs.cell_form import PLAIN, CellForm
from imports_app.models import Format, ImportChunk

MAX_ERRORS = 1_000  # of one row; telling each takes far longer than finding it
NUL_ESCAPE = b"\\u0000"

T = TypeVar("T")

_split = msgspec.json.Decoder(list[msgspec.Raw])


@dataclass(slots=True)
class Row:
    """One of the inputs.

    Attributes:
        index: its place in the inputs, from 0.
        raw: its JSON text; of a CSV row, what its cells were cast to.
        values: the attributes that are present, validated; empty if the row failed.
        errors: everything that is wrong with it; a row with errors changes nothing.
        unknown: the columns of a CSV row that its type doesn't know, which are left out of it.
        dotted: the cells of a CSV row's dotted columns, as objects by attribute.
        parts: what else it brings: children, tags, an inline target, instructions.
    """

    index: int
    raw: msgspec.Raw
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    unknown: Sequence[str] = ()
    dotted: Mapping[str, Any] | None = None
    parts: "Parts | None" = None

    @property
    def instructions(self) -> dict[str, Any]:
        """The attributes that begin with `_`."""
        return self.parts.instructions if self.parts else {}


@dataclass(slots=True)
class Parts:
    """What a row brings besides values of its own record's fields.

    Attributes:
        children: their rows, by attribute; the index of each is its place in the array.
        inline: the targets that are given as objects, by relation.
        tags: what it says of the record's tags, if it does.
    """

    instructions: dict[str, Any]
    children: dict[str, list[Row]]
    inline: dict[str, Row]
    tags: TagEdit | None


def read(  # noqa: PLR0913  (a chunk, and which part of it)
    schema: Schema,
    text: str,
    first_row: int,
    start: int,
    limit: int,
    *,
    format_: str,
    form: CellForm = PLAIN,
) -> list[Row]:
    """Return the validated rows of a chunk's text, from the row of index `start`, at most `limit`.

    `format_` is the import's: it says whether the rows hold values or the cells of a CSV,
    and `form` how those are written.
    """
    rows = as_sent(text, first_row, start, limit)
    if format_ == Format.CSV:
        rows = _from_cells(schema, rows, form)
    _validate(schema, rows)
    return rows


def as_sent(text: str, first_row: int, start: int, limit: int) -> list[Row]:
    """Return the same rows before anything looks at them: whatever they do to a worker, this is
    safe.
    """
    raws = _split.decode(text)[start - first_row :][:limit]
    return [Row(index, raw) for index, raw in enumerate(raws, start)]


def unread(
    schema: Schema, chunk: ImportChunk, start: int, *, format_: str, form: CellForm = PLAIN
) -> list[Row]:
    """Return the chunk's rows from that of index `start` on, cells cast, and none of them
    validated.
    """
    rows = as_sent(chunk.inputs, chunk.first_row, start, chunk.rows)
    return _from_cells(schema, rows, form) if format_ == Format.CSV else rows


def _from_cells(schema: Schema, rows: Sequence[Row], form: CellForm) -> list[Row]:
    return [
        Row(row.index, made.text, errors=made.errors, unknown=made.unknown, dotted=made.dotted)
        for row, made in zip(rows, cast_rows(schema, [row.raw for row in rows], form), strict=True)
    ]


def _validate(schema: Schema, rows: Sequence[Row]) -> None:
    """Give the rows their values, or the errors that they have instead."""
    texts = [row.raw for row in rows]
    if has_decimals(schema):
        texts = [exact(schema, text) for text in texts]
    text = b"[%b]" % b",".join(texts)
    valid = []
    for row, own, values in zip(rows, texts, _values(schema, text, len(rows)), strict=True):
        if values is not None:
            row.values = values
            valid.append(row)
        elif _validate_alone(schema, row, own):
            valid.append(row)
    _finish(schema, valid, nul=NUL_ESCAPE in text)


def _values(schema: Schema, text: bytes, count: int) -> Sequence[dict[str, Any] | None]:
    """Return what the rows in that JSON array hold, None for one to be validated alone.

    All are taken in one call, since a call takes as long as a row.
    """
    try:
        values: list[dict[str, Any] | None] = rows_validator(schema).validate_json(
            text, strict=True
        )
    except ValidationError:  # a row that can't even be read, and hides the others
        return [None] * count
    return values


def _validate_alone(schema: Schema, row: Row, text: msgspec.Raw) -> bool:
    """Says whether the row is valid, and if it isn't, in the row all that is wrong with it."""
    try:
        row.values = validator(schema).validate_json(bytes(text), strict=True)
    except ValidationError as error:
        if (count := error.error_count()) > MAX_ERRORS:
            row.errors.append(RowError(BASE, "too_many_errors", f"has {count} errors, too many"))
            return False
        row.errors += [row_error(details) for details in error.errors(include_url=False)]
        return False
    return True


def _finish(schema: Schema, rows: Sequence[Row], *, nul: bool) -> None:
    """Do what is left once the types are right; for children's rows too.

    `nul` says whether their text may hold a null character.
    """
    if TYPE not in schema.by_attribute:
        for row in rows:
            row.values.pop(TYPE, None)
    refuse_unstorable(schema, rows, nul=nul)
    if schema.has_rules:
        for row in rows:
            row.errors.extend(schema.importer.validate(row.values))
    if names := schema.nested_attributes:
        for row in rows:
            if not names.isdisjoint(row.values):
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
    return Parts(instructions, children, inline, _tags(schema, row, taken))


def _tags(schema: Schema, row: Row, taken: dict[str, Any]) -> TagEdit | None:
    if schema.tag_field is None or TAG_HINTS.keys().isdisjoint(taken):
        return None
    return edit_of(schema_for_model(schema.tag_field.related_model), taken, row.errors)


def _part(schema: Schema, row: Row, index: int, values: dict[str, Any], *, nul: bool) -> Row:
    part = Row(index, row.raw, values)
    _finish(schema, [part], nul=nul)
    return part


def parts_of(row: Row, child: Child) -> list[Row]:
    """Return the rows of the children that the row brings along."""
    return row.parts.children.get(child.attribute, []) if row.parts else []


def lift(part: Row, row: Row, path: str) -> None:
    """Move a part's errors to the row that it stands in."""
    for attribute, code, message in part.errors:
        row.errors.append(RowError(f"{path}.{attribute}", code, message))
    part.errors = []
