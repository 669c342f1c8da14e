"""Records as a table in the template's columns, to be changed and imported again."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import islice
from math import isfinite
from typing import Any

import msgspec
from django.db.models import QuerySet

from imports_app.database import atomic
from imports_app.engine.types import ID
from imports_app.inputs.casting import is_spreadsheet_error
from imports_app.inputs.row_file import RowFile
from imports_app.models.ids import parse_id
from imports_app.outputs.record_types import RecordType, path_of
from imports_app.outputs.sheet_rows import Cell
from imports_app.outputs.template import columns_of
from imports_app.outputs.values import exact

AT_A_TIME = 1_000  # records of a query
NUMBERS = (int, float, Decimal)  # and truth values

Row = Sequence[Any]
Value = Callable[[Row], Any]


class RecordTable:
    """Records of one type, each a row of cells: text, a number, a truth value, or nothing.

    Where a cell is empty, an import of the row leaves the record's value alone. So what would be
    read as something else is left empty, and so are secrets. A relation's target is named once: by
    its key, or else by its id.

    Which records there are is found out once, in the order of the queryset; those that are
    destroyed meanwhile are left out.

    Attributes:
        columns: the template's, or those of them that are `wanted`.
    """

    def __init__(
        self, records: QuerySet[Any], type_: RecordType, wanted: Collection[str] | None = None
    ) -> None:
        names = columns_of(type_.schema.importer)
        self.columns = [name for name in names if wanted is None or name in wanted]
        self._records = records
        self._pk = type_.schema.pk
        self._paths: list[str] = ["pk"]
        # By ORM path, what many targets of the records in hand are called.
        self._lists: dict[str, dict[Any, list[Any]]] = {}
        values = {ID: self._at("pk")} | self._attributes(type_) | self._targets(type_)
        values |= self._many(type_)
        self._values = [values.get(name, _nothing) for name in self.columns]
        # Their text alone, on disk: there may be millions.
        self._ids = RowFile((0, str(pk).encode()) for pk in self._found())

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[list[Cell]]:
        ids = iter(self._ids)
        while some := [text.decode() for text in islice(ids, AT_A_TIME)]:
            pks = [parse_id(self._pk, text) for text in some]
            found = self._records.order_by().filter(pk__in=pks)
            rows = {str(row[0]): row for row in found.values_list(*self._paths)}
            for path, names in self._lists.items():
                names.clear()
                for pk, name in found.order_by(path).values_list("pk", path):
                    names[pk].append(name)
            for row in filter(None, map(rows.get, some)):
                yield [_cell(value(row)) for value in self._values]

    def _found(self) -> Iterator[Any]:
        with atomic():  # in which PostgreSQL sends them piece by piece
            yield from self._records.values_list("pk", flat=True).iterator(AT_A_TIME)

    def _at(self, path: str) -> Value:
        """Read what stands at an ORM path."""
        if path not in self._paths:
            self._paths.append(path)
        place = self._paths.index(path)
        return lambda row: row[place]

    def _attributes(self, type_: RecordType) -> dict[str, Value]:
        return {
            name: self._at(path) for name, path in type_.attributes.items() if name in self.columns
        }

    def _targets(self, type_: RecordType) -> dict[str, Value]:
        """Return what names the relations' targets."""
        values: dict[str, Value] = {}
        for link, form in type_.forms():
            if form == link.key_form and form.attribute in self.columns:
                values[form.attribute] = self._at(path_of(link, form))
        for link, form in type_.forms():
            if form == link.forms[0] and form.attribute in self.columns:
                key = values.get(link.key_form.attribute) if link.key_form else None
                values[form.attribute] = _unless(key, self._at(type_.target_path(link.name)))
        return values

    def _many(self, type_: RecordType) -> dict[str, Value]:
        """Return what names many targets, in one cell."""
        values: dict[str, Value] = {}
        for name, path in type_.lists.items():
            if name in self.columns:
                names = self._lists.setdefault(path, defaultdict(list))
                values[name] = partial(_listed, names)
        return values


def _listed(names: Mapping[Any, Sequence[Any]], row: Row) -> str | None:
    """Join the names of the record's targets by commas; nothing if one has a comma itself."""
    texts = [str(name) for name in names.get(row[0], ()) if name is not None]
    return None if any("," in text for text in texts) else ", ".join(texts)


def _unless(other: Value | None, value: Value) -> Value:
    """Read the value where there is none in the other column."""
    if other is None:
        return value
    return lambda row: value(row) if _cell(other(row)) is None else None


def _nothing(_: Row) -> None:
    """Stands for a column that is only read from files."""


def _cell(value: Any) -> Cell:
    """Return what a file can say of the value."""
    if isinstance(value, NUMBERS):
        return value if isfinite(value) else None
    plain = exact(value)
    if plain is None or isinstance(plain, NUMBERS):
        return plain
    if isinstance(plain, str):
        return None if not plain or is_spreadsheet_error(plain) else plain
    return msgspec.json.encode(plain).decode()


__all__ = ["Cell", "RecordTable"]
