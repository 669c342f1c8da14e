"""The columns of a file and their attributes, with sample cells, and how many of the cells fit."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from django.utils.text import Truncator

from imports_app.admin.drafting.cells import as_rows, cells_of, rows_by_column
from imports_app.admin.drafting.draft import Choice, Draft, Survey
from imports_app.engine.reading import read, target_of
from imports_app.engine.types import Schema, schema_for
from imports_app.importer import RowError
from imports_app.inputs.cell_form import CellForm
from imports_app.inputs.file_options import CLEAR, TRANSFORMS
from imports_app.inputs.transforms import suits
from imports_app.models import Format, ImportChunk
from imports_app.registry import importers
from imports_app.secrecy.hidden import is_secret

SAMPLES = 3
LONGEST_SAMPLE = 40  # characters
LONGEST_PROBLEM = 200
LABELS = {
    "cents": "Amounts such as 12.50 become cents",
    "dmy": "Dates: day first",
    "mdy": "Dates: month first",
    "words": "Words become yes or no",
    "split": "Split at commas",
    "clear": "Empty cells clear the value",
}
HIDDEN = "••••"


class Fit(NamedTuple):
    """A column, and how well its cells fit the attribute that was chosen for it.

    Attributes:
        place: its number among the file's columns, from 0.
        samples: some different cells of the column.
        filled: in how many of the first rows the cell isn't empty; `fitting`: how many of them fit.
        problem: where the first cell is that doesn't fit, and what is wrong with it.
        transforms: the transforms that suit the cells.
    """

    place: int
    name: str
    choice: Choice
    samples: list[str]
    filled: int
    fitting: int
    problem: str
    transforms: list[tuple[str, str]]

    @property
    def inner(self) -> str:
        """The attribute if it is nested in another one, such as `metadata.colour`."""
        attribute = self.choice.attribute or ""
        return attribute if "." in attribute else ""


def fits_of(draft: Draft, chosen: Mapping[str, Choice]) -> list[Fit]:
    """Return the fit of each column."""
    survey, schema = draft.state.survey, draft.schema
    if survey is None or schema is None:
        return []
    fits = _Fits(draft, survey, schema, chosen)
    return [fits.of(place, name) for place, name in enumerate(survey.header)]


def hidden_columns(draft: Draft) -> set[str]:
    """Return the columns whose name or chosen attribute says that they may be secret."""
    schema, survey = draft.schema, draft.state.survey
    if survey is None:
        return set()
    if schema is None:
        return {name for name in survey.header if any(_hides(name, each) for each in _every())}
    chosen = draft.state.chosen
    return {
        name
        for name in survey.header
        if _hides(name, schema)
        or ((choice := chosen.get(name)) and choice.attribute and _hides(choice.attribute, schema))
    }


def _every() -> list[Schema]:
    return [schema_for(importer) for importer in importers]


class _Fits:
    """Works out the fits of the columns in a file's first rows."""

    def __init__(
        self, draft: Draft, survey: Survey, schema: Schema, chosen: Mapping[str, Choice]
    ) -> None:
        self._survey = survey
        self._schema = schema
        self._chosen = chosen
        self._kinds = target_of(schema).kinds
        self._rows = rows_by_column(survey.first)
        self._wrong = _wrong(draft, schema, self._rows, chosen)

    def of(self, place: int, name: str) -> Fit:
        """Return the fit of a column."""
        choice = self._chosen.get(name, Choice())
        cells = list(cells_of(self._rows, name))
        filled = [n for n, cell in enumerate(cells) if cell is not None and str(cell).strip()]
        bad = [n for n in filled if n in self._wrong_with(choice)]
        hides = _hides(name, self._schema) or _hides(choice.attribute or "", self._schema)
        problem = self._problem(choice, bad[0]) if bad and not hides else ""
        kind = self._kinds.get(choice.attribute or "")
        return Fit(
            place=place,
            name=name,
            choice=choice,
            samples=[HIDDEN] if hides and filled else _samples([cells[n] for n in filled]),
            filled=len(filled),
            fitting=len(filled) - len(bad),
            problem=Truncator(problem).chars(LONGEST_PROBLEM),
            transforms=[(each, LABELS[each]) for each in TRANSFORMS if kind and suits(each, kind)],
        )

    def _problem(self, choice: Choice, row: int) -> str:
        return f"Line {self._survey.lines[row]} {self._wrong_with(choice)[row].message}"

    def _wrong_with(self, choice: Choice) -> Mapping[int, RowError]:
        return self._wrong.get((choice.attribute or "").split(".")[0], {})


def _hides(name: str, schema: Schema) -> bool:
    return is_secret([part.strip() for part in name.split(".")], schema.importer)


def _samples(cells: list[Any]) -> list[str]:
    counted = Counter(str(cell).strip() for cell in cells)
    return [Truncator(text).chars(LONGEST_SAMPLE) for text in list(counted)[:SAMPLES]]


def _wrong(
    draft: Draft, schema: Schema, rows: list[dict[str, Any]], chosen: Mapping[str, Choice]
) -> dict[str, dict[int, RowError]]:
    """Return the errors, by attribute and row."""
    if draft.state.survey and draft.state.survey.is_table:
        made, format_ = as_rows(rows, chosen), Format.CSV
    else:
        made, format_ = rows, Format.JSON
    if not made:
        return {}
    text = msgspec.json.encode(made)
    chunk = ImportChunk(first_row=0, rows=len(made), inputs=text)
    found: dict[str, dict[int, RowError]] = {}
    checked = read(schema, chunk, 0, len(made), format_=format_, form=_form(draft, chosen))
    for row in checked:
        for error in row.errors:
            found.setdefault(error.attribute.split(".")[0], {}).setdefault(row.index, error)
    return found


def _form(draft: Draft, chosen: Mapping[str, Choice]) -> CellForm:
    transforms = {
        choice.attribute: choice.transform
        for choice in chosen.values()
        if choice.attribute and choice.transform not in ("", CLEAR)
    }
    return CellForm(
        decimal=draft.state.decimal or draft.state.given.get("decimal"),
        dates=draft.state.given.get("dates"),
        typed=bool(draft.state.survey and draft.state.survey.sheet),
        transforms=tuple(transforms.items()),
    )
