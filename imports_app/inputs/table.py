"""The rows of a table: one JSON object each, its cells as they were."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import msgspec

from imports_app.conf import conf
from imports_app.inputs.columns import as_mapping, read_columns
from imports_app.inputs.csv_cells import SIGN, restored
from imports_app.inputs.file_options import CLEAR, DELIMITERS, NOTHING_SAID, FileOptions
from imports_app.inputs.findings import Findings
from imports_app.inputs.limits import ROW_DEPTH, too_large_as_json, too_many_rows
from imports_app.inputs.refusals import InputsRefused, refused
from imports_app.inputs.target import Target
from imports_app.models.chunks import SURPLUS

Cells = list[Any]
Placed = list[tuple[int, tuple[str, ...]]]


class Source(Protocol):
    """Where records come from: a text, or a spreadsheet."""

    @property
    def line(self) -> int:
        """Where the record in hand starts, from 1."""
        ...

    @property
    def delimiter(self) -> str | None:
        """What stands between cells; None where they are apart by themselves."""
        ...

    @property
    def is_certain(self) -> bool:
        """Whether there is no doubt about that."""
        ...

    def __next__(self) -> Cells: ...

    def __iter__(self) -> Iterator[Cells]: ...

    def too_big(self) -> InputsRefused:
        """Return the refusal of the record in hand."""
        ...


class Table:
    """Goes through the records of a table once, and finds out how they are written.

    Attributes:
        columns: those that have a name.
        findings: what was found; complete when all rows were gone through.
    """

    def __init__(
        self,
        source: Source,
        *,
        target: Target | None = None,
        options: FileOptions = NOTHING_SAID,
        depth: int = ROW_DEPTH,
        max_bytes: int | None = None,
    ) -> None:
        self._source = source
        self._options = options
        self._max_bytes = conf.max_request_bytes if max_bytes is None else max_bytes
        header = next(source, None)
        if header is None:
            raise refused("blank", "can't be blank")
        texts = [cell if isinstance(cell, str) else str(cell) for cell in header]
        self._sign = next((n for n, cell in enumerate(texts) if cell.strip() == SIGN), None)
        names = self._restored(texts)
        self.columns = read_columns(names, depth, target, options)
        self._nameless = [n for n, cell in enumerate(names) if not cell.strip()]
        self._width = len(names)
        self.findings = Findings(self.columns, target, options)

    def rows(self) -> Iterator[tuple[int, bytes]]:
        """Yield each row's JSON text with its line, as long as they stay within the limits.

        An empty cell is absent, or null where the options say that it clears. Cells beyond the
        header are kept under SURPLUS, so that the row fails when its turn comes. Lines without any
        value are no rows. Raises InputsRefused that names the line of what is wrong.
        """
        build = self._builder()
        encode = msgspec.json.encode
        left, count = self._max_bytes, 0
        for record in self._source:
            cells = self._restored(record)
            self._check_width(cells)
            self.findings.look(cells, self._source.line)
            row = build(cells)
            if len(cells) > self._width and (surplus := _surplus(cells[self._width :])):
                row[SURPLUS] = surplus
            if not row and all(map(_is_empty, cells)):
                continue  # blanks beyond the header alone
            if count == conf.max_rows:
                raise too_many_rows()
            count += 1
            text = encode(row)
            if len(text) > conf.max_row_bytes:
                raise self._source.too_big()
            # Each row repeats the names of its columns: a small file could become a huge one.
            left -= len(text)
            if left < 0:
                raise too_large_as_json(self._max_bytes)
            yield self._source.line, text
        if not count:
            raise refused("blank", "has a header, but no rows")
        self.findings.end()

    def as_kept(self) -> dict[str, Any]:
        """Return what is kept of how the table was read."""
        return {
            "delimiter": self._source.delimiter,
            "columns": as_mapping(self.columns),
            # PostgreSQL keeps the members of an object in an order of its own.
            "header": [column.name for column in self.columns],
            **self.findings.as_kept(),
        }

    def _restored(self, cells: Cells) -> Cells:
        """Return the cells without what we added to them, in a file that we gave out; those of any
        other file as they are.
        """
        if self._sign is None:
            return cells
        return [restored(cell) for place, cell in enumerate(cells) if place != self._sign]

    def _check_width(self, cells: Cells) -> None:
        """Refuse what contradicts the header: cells of no column, another delimiter."""
        for place in self._nameless:
            if place < len(cells) and not _is_empty(cells[place]):
                raise refused(
                    "blank",
                    f"has a column without a name (column {place + 1}) that has a cell at line "
                    f"{self._source.line}",
                )
        if len(cells) == 1 < self._width and not self._source.is_certain:
            for other in DELIMITERS:
                if other != self._source.delimiter and cells[0].count(other) == self._width - 1:
                    raise self._contradiction(other)

    def _contradiction(self, other: str) -> InputsRefused:
        here, before = _shown(other), _shown(self._source.delimiter)
        message = f"is separated by {here} at line {self._source.line}, and by {before} before"
        return refused(
            "contradiction", f"{message}: set file_options[delimiter]", option="delimiter"
        )

    def _builder(self) -> Callable[[Cells], dict[str, Any]]:
        placed = [(column.place, column.path) for column in self.columns if column.path]
        known = {column.place for column in self.columns if column.is_known}
        clears = known if self._options.clears else set()
        transforms = self._options.transforms
        clears |= {c.place for c in self.columns if transforms.get(c.name) == CLEAR}
        if any(len(path) > 1 for _, path in placed):
            return lambda cells: _nested(placed, cells, clears)
        names = [name for _, (name,) in placed]
        if clears or [place for place, _ in placed] != list(range(len(placed))):
            return lambda cells: _nested(placed, cells, clears)
        return lambda cells: {
            name: cell for name, cell in zip(names, cells, strict=False) if cell != ""
        }


def _nested(placed: Placed, cells: Cells, clears: set[int]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for number, path in placed:
        cell = cells[number] if number < len(cells) else None
        if cell is None or (cell == "" and number not in clears):
            continue
        if number in clears and _is_empty(cell):
            cell = None
        place = row
        for name in path[:-1]:
            place = place.setdefault(name, {})
        place[path[-1]] = cell
    return row


def _is_empty(cell: Any) -> bool:
    return isinstance(cell, str) and (not cell or cell.isspace())


def _surplus(cells: Sequence[Any]) -> list[str]:
    texts = [str(cell) for cell in cells]
    return texts if any(map(str.strip, texts)) else []


def _shown(delimiter: str | None) -> str:
    return "tab" if delimiter == "\t" else f"'{delimiter}'"
