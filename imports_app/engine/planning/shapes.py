"""Shapes: the sets of fields that rows give, which most rows of a batch share."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from imports_app.engine.planning.drafts import Drafts, Fields, Match
from imports_app.engine.reading import Rows
from imports_app.engine.types import ID, Schema
from imports_app.importer import RowError

Names = tuple[str, ...]


class Shape(NamedTuple):
    """The consequences of which fields a row gives.

    Attributes:
        absent: the parts of the key that it doesn't give, and that are null then.
        missing: what a new record would lack.
    """

    match: Match
    absent: Sequence[str]
    missing: Sequence[RowError]


def shape_of(schema: Schema, names: Sequence[str]) -> Shape:
    """Return the shape of rows that give these attributes.

    They match by the key if they give all of it; an absent part that may be null counts as null.
    """
    missing = [error for name, error in schema.required_fields.items() if name not in names]
    if ID in names:
        return Shape(Match.ID, (), missing)
    absent = [name for name in schema.key_names if name not in names]
    if not schema.key_names:
        match = Match.REFERENCE if {*schema.found_by} & {*names} else Match.NONE
        return Shape(match, (), missing)
    if {*absent} & {*schema.needed_key_names}:
        return Shape(Match.NONE, (), missing)
    return Shape(Match.KEY, absent, missing)


def in_columns(schema: Schema, rows: Rows) -> Drafts | None:
    """Return drafts of the sound rows that one call of a writer takes as they are.

    None where something has to be known of single rows first: of what they bring along, of their
    records, of rows before them.
    """
    if _looks(schema) or any(row.parts or row.dotted for row in rows.made.values()):
        return None
    failed = {*rows.failed}
    places = [place for place in range(len(rows)) if place not in failed]
    fields = [rows.values[place] for place in places]
    names = [*map(tuple, fields)]
    shapes = {each: shape_of(schema, each) for each in {*names}}
    if {shape.match for shape in shapes.values()} != {Match.KEY}:
        return None
    _complete(schema, fields, {name for shape in shapes.values() for name in shape.absent})
    keys = {*map(schema.key_of, fields)}
    if len(keys) < len(fields):
        return None
    indexes = [rows.first + place for place in places]
    return Drafts(Match.KEY, _Some(rows, places), indexes, fields, _missing(names, shapes))


def _looks(schema: Schema) -> bool:
    """Return whether each row of the type is looked at by itself, whatever it gives."""
    own_code = schema.has_conditions or schema.derives or schema.has_before_write
    return own_code or schema.validates_by_model or bool(schema.other_unique_names)


def clear(schema: Schema, fields: Fields) -> None:
    """Replace null by the default where a field can't be null."""
    for name in schema.cleared.keys() & fields.keys():
        if fields[name] is None:
            fields[name] = schema.cleared[name]()


def _complete(schema: Schema, fields: Sequence[Fields], absent: set[str]) -> None:
    """Put null in the place of absent parts of keys, and defaults in that of other nulls."""
    if any(given.get(name, given) is None for name in schema.cleared for given in fields):
        for given in fields:
            clear(schema, given)
    for name in absent:
        for given in fields:
            given.setdefault(name, None)


def _missing(
    names: Sequence[Names], shapes: Mapping[Names, Shape]
) -> Mapping[int, Sequence[RowError]]:
    """Return the required attributes that rows lack, by the place of each such row."""
    if not any(shape.missing for shape in shapes.values()):
        return {}
    lacking = {place: shapes[each].missing for place, each in enumerate(names)}
    return {place: missing for place, missing in lacking.items() if missing}


class _Some(Sequence[Any]):
    """The rows at these places."""

    def __init__(self, rows: Rows, places: Sequence[int]) -> None:
        self._rows = rows
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, place: Any) -> Any:
        return self._rows[self._places[place]]
