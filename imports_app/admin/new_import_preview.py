"""The first of an import's rows as the engine reads them; no record is looked at."""

from typing import Any, NamedTuple

import msgspec
from django.utils.text import Truncator
from msgspec import Raw

from imports_app.admin.new_import_columns import Column, Columns, names_of
from imports_app.engine.reading import attributes, read
from imports_app.engine.types import Schema, schema_for
from imports_app.importer import RowError
from imports_app.inputs.cell_form import CellForm
from imports_app.models import Import, ImportChunk
from imports_app.outputs.texts import row_of
from imports_app.registry import importers

ROWS = 10
MAX_CHARACTERS = 100
ABSENT = object()

_split = msgspec.json.Decoder(list[Raw])


_as_json = msgspec.json.Encoder(decimal_format="number")


class Cell(NamedTuple):
    """A value as JSON has it, but text as it is. `kind` is `text`, `value` or `absent`."""

    text: str
    kind: str


class PreviewRow(NamedTuple):
    """A row under the columns of the preview, and what is wrong with it by itself."""

    number: int
    cells: list[Cell]
    errors: list[RowError]


class Preview:
    """What is in the first chunk of an import's inputs: its columns, and its first rows.

    The type is a registered one. Nothing that it keeps secret is in it.
    """

    def __init__(self, import_: Import) -> None:
        self._import = import_
        self._schema: Schema = schema_for(importers.get(import_.resource_type))
        chunk = import_.chunks.order_by("first_row").first()
        self._raws = _split.decode(chunk.inputs) if chunk else []
        self._form = CellForm.of(import_.file)
        names = names_of(self._schema, self._raws, import_.format, self._form)
        self.columns = Columns(self._schema, names)

    @property
    def rows_seen(self) -> int:
        """How many rows the columns are those of."""
        return len(self._raws)

    @property
    def shown(self) -> list[Column]:
        """The columns that reach a record."""
        return self.columns.found

    @property
    def rows(self) -> list[PreviewRow]:
        """The first ones."""
        checked = self._read(self._raws[:ROWS])
        type_ = self._import.resource_type
        shown = [Raw(row_of(bytes(raw), type_)) for raw in self._raws[:ROWS]]
        public = self._read(shown)
        return [
            # A cell that can't be cast is shown as it is.
            PreviewRow(row.index, self._cells(_members(raw) | attributes(seen)), row.errors)
            for row, seen, raw in zip(checked, public, shown, strict=True)
        ]

    def _read(self, raws: list[Raw]) -> list[Any]:
        text = "[" + ",".join(bytes(raw).decode() for raw in raws) + "]"
        chunk = ImportChunk(first_row=0, rows=len(raws), inputs=text)
        return [*read(self._schema, chunk, 0, ROWS, format_=self._import.format, form=self._form)]

    def _cells(self, values: dict[str, Any]) -> list[Cell]:
        return [_cell(values.get(column.name, ABSENT)) for column in self.shown]


def _members(raw: Raw) -> dict[str, Any]:
    return msgspec.json.decode(raw, type=dict[str, Any])


def _cell(value: Any) -> Cell:
    if value is ABSENT:
        return Cell("", "absent")
    if isinstance(value, str):
        return Cell(Truncator(value).chars(MAX_CHARACTERS), "text")
    text = _as_json.encode(value).decode()
    return Cell(Truncator(text).chars(MAX_CHARACTERS), "value")
