"""Failed rows of an import, mended by whoever sent them: each stands for one of them."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import msgspec
from msgspec import Raw

from imports_app.inputs import Fault, InputsRefused, RowSource
from imports_app.inputs.limits import MAX_NAMED
from imports_app.inputs.row_file import RowFile
from imports_app.models import Import
from imports_app.registry import importers
from imports_app.secrecy.hidden import has_secrets, is_secret
from imports_app.storage.failures import LeftUndone, rows_to_retry
from imports_app.storage.lines import lines_of

INDEX, LINE = "index", "line"
ERRORS = "errors"  # what was wrong with the row, in the file of failures
DECIMAL = "decimal"
HOW = (DECIMAL, "dates", "empty")
OURS = (INDEX, LINE, ERRORS)
UNNAMED = "must name the failed row that it stands for, by its line or its index"
UNKNOWN = "stands for no row that failed ({name} {number})"
TWICE = "stands for a row that another one stands for ({name} {number})"

Members = dict[str, Any]
_as_members = msgspec.json.Decoder(dict[str, Raw])


class MendedRows:
    """The rows, in the order in which they came, less what says which rows they stand for.

    What is secret of a row was given out to nobody: what a mended row doesn't have of that it gets
    back. Raises InputsRefused for rows that stand for none that failed.

    Attributes:
        indexes: of the rows that they stand for.
    """

    def __init__(self, left: LeftUndone, source: RowSource) -> None:
        self.source = source
        self.indexes: list[int] = []
        self._left = left
        self._own_lines = lines_of(left.import_.pk)
        self._by_line = {self._own_lines[n]: n for n in left.failed if n < len(self._own_lines)}
        self._taken: set[int] = set()
        self._faults: list[Fault] = []
        self._secret = self._secrets()
        self.rows = RowFile(enumerate(self._read()))
        if self._faults:
            raise InputsRefused(self._faults)

    def __len__(self) -> int:
        return len(self.indexes)

    def with_untouched(self) -> Iterator[bytes]:
        """Return the rows, and then those that the import never came to. Raises SealBroken."""
        return chain(self.rows, rows_to_retry(self._left, self._left.is_untouched))

    def lines(self) -> Iterator[int]:
        """Return the lines of all of these in the import's file; of rows that came as none, in
        the file that they were mended in.
        """
        if self._own_lines:
            untouched = filter(self._left.is_untouched, range(self._left.import_.inputs_size))
            return map(self._own_lines.__getitem__, chain(self.indexes, untouched))
        return iter(() if self._left.untouched else self.source.lines)

    def _read(self) -> Iterator[bytes]:
        names = self._names()
        for place, row in enumerate(self.source.rows):
            members: Members = _as_members.decode(row)
            ours = {name: members.pop(name) for name in names if name in members}
            index = self._index(ours, place)
            if index is not None and len(self._faults) < MAX_NAMED:
                self.indexes.append(index)
                yield msgspec.json.encode({**self._secret.get(index, {}), **members})

    def _names(self) -> list[str]:
        """Return the members that are none of the type's attributes."""
        type_ = self._left.import_.resource_type
        row = getattr(importers.get(type_), "Row", None)
        return [name for name in OURS if name not in getattr(row, "__annotations__", {})]

    def _index(self, ours: Mapping[str, Raw], place: int) -> int | None:
        given = {name: _number(ours[name]) for name in (INDEX, LINE) if name in ours}
        name, number = next(((n, v) for n, v in given.items() if v is not None), (INDEX, None))
        found = self._by_line.get(number) if name == LINE and number is not None else number
        if number is None:
            self._fault("blank", UNNAMED, place)
        elif found is None or found not in self._left.failed:
            self._fault("unknown", UNKNOWN.format(name=name, number=number), place)
        elif found in self._taken:
            self._fault("taken", TWICE.format(name=name, number=number), place)
        else:
            self._taken.add(found)
            return found
        return None

    def _fault(self, error: str, message: str, place: int) -> None:
        if len(self._faults) < MAX_NAMED:
            line = self.source.lines[place] if place < len(self.source.lines) else None
            self._faults.append(Fault(error, message, index=place, line=line))

    def _secrets(self) -> dict[int, Members]:
        """Return the secret members of the failed rows, of those that have any."""
        importer = importers.get(self._left.import_.resource_type)
        if not has_secrets(importer):
            return {}
        failed = self._left.failed
        rows = map(_as_members.decode, rows_to_retry(self._left, failed.__contains__))
        secret = (
            {name: value for name, value in row.items() if is_secret([name], importer)}
            for row in rows
        )
        return dict(zip(sorted(failed), secret, strict=True))


def _number(value: Raw) -> int | None:
    """Return the number that a row, or a cell, has; None where it is none."""
    text = bytes(value).strip(b'" ')
    return int(text) if text.isdigit() and len(text) < len(str(2**32)) else None


def cell_options(import_: Import) -> dict[str, Any]:
    """Return how the cells of an import are written: those of its mended rows are, too."""
    options = {name: import_.file_options.get(name) for name in HOW}
    options[DECIMAL] = options[DECIMAL] or (import_.file or {}).get(DECIMAL)
    return {name: value for name, value in options.items() if value is not None}


def contradicted(left: LeftUndone, options: Mapping[str, Any]) -> str | None:
    """Return which of the options can't be, because rows of the import that it never came to go
    along, which are written otherwise.
    """
    before = cell_options(left.import_) if left.untouched else {}
    return next((n for n, value in before.items() if options.get(n, value) != value), None)
