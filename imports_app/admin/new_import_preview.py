"""The first rows of an import as the engine reads them, before it looks for their records."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

import msgspec
from django.utils.text import Truncator
from msgspec import Raw

from imports_app.engine.reading import cast, read, target_of
from imports_app.engine.types import Schema, schema_for
from imports_app.importer import RowError
from imports_app.inputs.cell_form import CellForm
from imports_app.models import Format, Import, ImportChunk
from imports_app.outputs.texts import row_of
from imports_app.registry import importers
from imports_app.storage.lines import lines_at

ROWS = 10
MAX_CHARACTERS = 100
ABSENT = object()

_split = msgspec.json.Decoder(list[Raw])


_as_json = msgspec.json.Encoder(decimal_format="number")


class Cell(NamedTuple):
    """A cell: a text as it is, any other value as JSON. `kind` is `text`, `value` or `absent`."""

    text: str
    kind: str


class PreviewRow(NamedTuple):
    """A row: its cells, by the preview's columns, and the errors that are found without a database.

    `number` is the row's line if it came in a file, or else its index.
    """

    number: int
    cells: list[Cell]
    errors: list[RowError]


class Preview:
    """The first chunk of an import's inputs, without secrets. The import's type must be registered.

    Attributes:
        shown: the columns that end up in a record.
    """

    def __init__(self, import_: Import) -> None:
        self._import = import_
        self._schema: Schema = schema_for(importers.get(import_.resource_type))
        chunk = import_.chunks.order_by("first_row").first()
        self._raws = _split.decode(chunk.inputs) if chunk else []
        self._form = CellForm.of(import_.file)
        names = _names_of(self._schema, self._raws, import_.format, self._form)
        known = target_of(self._schema).kinds
        self.shown = [name for name in names if name in known]

    @property
    def rows(self) -> list[PreviewRow]:
        """The first rows."""
        checked = self._read(self._raws[:ROWS])
        type_ = self._import.resource_type
        shown = [Raw(row_of(bytes(raw), type_)) for raw in self._raws[:ROWS]]
        public = self._read(shown)
        lines = self._lines
        return [
            # A cell that can't be converted is shown as it is.
            PreviewRow(
                lines.get(row.index, row.index),
                self._cells(_members(raw) | seen.sent),
                row.errors,
            )
            for row, seen, raw in zip(checked, public, shown, strict=True)
        ]

    @property
    def numbering(self) -> str:
        """What the numbers of the rows are called."""
        return "Line" if self._lines else "Row"

    @cached_property
    def _lines(self) -> dict[int, int]:
        return lines_at(self._import.pk, range(min(ROWS, len(self._raws))))

    def _read(self, raws: list[Raw]) -> list[Any]:
        text = msgspec.json.encode(raws)
        chunk = ImportChunk(first_row=0, rows=len(raws), inputs=text)
        return [*read(self._schema, chunk, 0, ROWS, format_=self._import.format, form=self._form)]

    def _cells(self, values: dict[str, Any]) -> list[Cell]:
        return [_cell(values.get(name, ABSENT)) for name in self.shown]


def _names_of(schema: Schema, rows: Iterable[Raw], format_: str, form: CellForm) -> list[str]:
    """Return the columns in order of appearance. A known one has the name of its attribute.

    Columns of a CSV without any filled cell are left out.
    """
    names: dict[str, None] = {}
    for row in rows:
        if format_ == Format.CSV:
            cells = cast(schema, row, form)
            wrong = (error.attribute for error in cells.errors)
            names.update(dict.fromkeys((*_members(cells.text), *wrong, *cells.unknown)))
        else:
            names.update(dict.fromkeys(_members(row)))
    return list(names)


def _members(raw: Raw) -> dict[str, Any]:
    return msgspec.json.decode(raw, type=dict[str, Any])


def _cell(value: Any) -> Cell:
    if value is ABSENT:
        return Cell("", "absent")
    if isinstance(value, str):
        return Cell(Truncator(value).chars(MAX_CHARACTERS), "text")
    text = _as_json.encode(value).decode()
    return Cell(Truncator(text).chars(MAX_CHARACTERS), "value")
