"""Rows of a CSV's cells, turned into the JSON that their attributes take."""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Raw

from imports_app.engine.reading.targets import kinds_of
from imports_app.engine.types import BASE, Schema
from imports_app.importer import RowError
from imports_app.inputs.casting import ABSENT, Cast, Misfit, keeps_text
from imports_app.inputs.cell_form import PLAIN, CellForm
from imports_app.inputs.transforms import casts_of
from imports_app.models.chunks import SURPLUS

TOO_MANY_CELLS = ("too_many_cells", "has more cells than there are columns")

MAX_SHAPES = 10_000  # hostile rows have a new one each

_Made = tuple[dict[str, Any], Sequence[str], list[RowError], Mapping[str, Any]]

_as_cells = msgspec.json.Decoder(list[dict[str, Any]])
_split = msgspec.json.Decoder(list[Raw])


@dataclass(slots=True)
class Cells:
    """A CSV row in the form that the engine takes.

    Attributes:
        text: the row's JSON text, as if it had been sent as JSON, less unknown columns.
        unknown: the columns left out.
        errors: what is wrong with the row as a line of a CSV.
        dotted: the cells of dotted columns, as objects by attribute.
    """

    text: Raw
    unknown: Sequence[str] = ()
    errors: list[RowError] = field(default_factory=list)
    dotted: Mapping[str, Any] = field(default_factory=dict)


def cast(schema: Schema, row: Raw, form: CellForm = PLAIN) -> Cells:
    """Return one row with its cells cast."""
    (cells,) = cast_rows(schema, [row], form)
    return cells


def cast_rows(schema: Schema, rows: Sequence[Raw], form: CellForm = PLAIN) -> list[Cells]:
    """Return the rows with each cell cast to what its attribute takes.

    One that can't be is an error of its row, and absent from it. All rows are decoded, and encoded
    again, at once: a call takes as long as a row.
    """
    text = b"[%b]" % b",".join(rows)
    plan = _plan(schema, form, every=form.typed or b"#" in text or b"Err:" in text)
    made = [_cast(schema, cells, plan) for cells in _as_cells.decode(text)]
    texts = _split.decode(msgspec.json.encode([values for values, *_ in made]))
    return [
        Cells(text, unknown, errors, dotted)
        for text, (_, unknown, errors, dotted) in zip(texts, made, strict=True)
    ]


class _Plan:
    """The conversions of rows' cells.

    Attributes:
        casts: what makes values of cells, by attribute.
    """

    def __init__(self, casts: Mapping[str, Cast], needed: Set[str]) -> None:
        self.casts = casts
        self._needed = needed
        self._shapes: dict[tuple[str, ...], list[tuple[str, Cast]] | None] = {}

    def of(self, cells: Mapping[str, Any]) -> list[tuple[str, Cast]] | None:
        """Return the casts that a row with these cells needs; None if it has to be looked at."""
        shape = tuple(cells)
        if shape not in self._shapes:
            if len(self._shapes) == MAX_SHAPES:
                self._shapes.clear()
            self._shapes[shape] = self._needed_by(shape)
        return self._shapes[shape]

    def _needed_by(self, shape: tuple[str, ...]) -> list[tuple[str, Cast]] | None:
        if not self.casts.keys() >= set(shape):
            return None
        return [(name, self.casts[name]) for name in shape if name in self._needed]


@lru_cache(64)
def _plan(schema: Schema, form: CellForm, *, every: bool) -> _Plan:
    kinds = kinds_of(schema)
    casts = casts_of(kinds, form)
    doubled = {name for name, _ in form.doubled}
    needed = {name for name in casts if every or name in doubled or not keeps_text(kinds[name])}
    return _Plan(casts, needed)


def _cast(schema: Schema, cells: dict[str, Any], plan: _Plan) -> _Made:
    casts = plan.of(cells)
    if casts is None:
        return _cast_alone(schema, cells, plan)
    errors = []
    dotted = {}
    for name, cast_cell in casts:
        if type(cell := cells[name]) is dict:
            dotted[name] = cell
        value = cells[name] = cast_cell(cell)
        if type(value) is Misfit:
            errors.append(RowError(name, *value))
        if type(value) is Misfit or value is ABSENT:
            del cells[name]
    return cells, (), errors, dotted


def _cast_alone(schema: Schema, cells: dict[str, Any], plan: _Plan) -> _Made:
    """Return the same of a row with columns that are no attributes by themselves."""
    surplus = cells.pop(SURPLUS, None)
    for name, attribute in schema.importer.synonyms.items():
        if name in cells and attribute not in cells:
            cells[attribute] = cells.pop(name)
    cells = dict(_unnested(schema, cells, plan.casts))
    unknown = [
        column
        for name, cell in cells.items()
        if name not in plan.casts
        for column in _columns(name, cell)
    ]
    known = {name: cell for name, cell in cells.items() if name in plan.casts}
    values, _, errors, dotted = _cast(schema, known, plan)
    if surplus:
        errors.insert(0, RowError(BASE, *TOO_MANY_CELLS))
    return values, unknown, errors, dotted


def _unnested(
    schema: Schema, cells: Mapping[str, Any], known: Collection[str]
) -> Iterator[tuple[str, Any]]:
    """Yield the cells as a row has them: `customer.email` names a relation as `customer_email`
    does,
    and the cells under `tags.name` and `tags.id` hold lists.
    """
    for name, cell in cells.items():
        if isinstance(cell, dict) and name in schema.links_by_name and name not in known:
            forms = {f"{name}_{inner}" for inner in cell} & set(known)
            yield from ((form, cell[form.removeprefix(f"{name}_")]) for form in forms)
            if unknown := {i: c for i, c in cell.items() if f"{name}_{i}" not in forms}:
                yield name, unknown
        elif isinstance(cell, dict) and name in schema.many:
            yield name, [{inner: tag} for inner, text in cell.items() for tag in _listed(text)]
        else:
            yield name, cell


def _listed(text: Any) -> list[Any]:
    """Return the names in a cell that holds several; a cell that is none is left for validation."""
    return [part.strip() for part in text.split(",")] if isinstance(text, str) else [text]


def _columns(name: str, cell: Any) -> Iterator[str]:
    """Yield the headers under which the cells came: an object's have dots."""
    if isinstance(cell, dict):
        for inner, nested in cell.items():
            yield from _columns(f"{name}.{inner}", nested)
    else:
        yield name
