"""The failed rows of an import under the columns of the file that it came as."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

import msgspec

from imports_app.exceptions import InputsPruned, TooManyColumns
from imports_app.inputs.csv_cells import attribute_of, cell_text, clashing, texts_of
from imports_app.inputs.limits import MAX_MEMBERS
from imports_app.models import Import, RowFailure
from imports_app.models.chunks import SURPLUS
from imports_app.outputs.texts import row_of
from imports_app.registry import importers
from imports_app.secrecy.hidden import is_secret
from imports_app.storage.failures import failed_rows
from imports_app.storage.lines import lines_of

ERRORS, LINE = "errors", "line"
NOTHING = b"null"

Marks = Callable[[str], bool]


class FailedLine(NamedTuple):
    """A failed row.

    Attributes:
        cells: the JSON texts of its values, a column each.
        line: where it was in the file; None where nobody knows.
        errors: `name can't be blank; weight is not a number`.
        surplus: cells of a CSV beyond its header.
    """

    cells: list[bytes]
    line: int | None
    errors: str
    surplus: list[str]


class FailureTable:
    """Goes through the failed rows in flat memory; their columns are found in a pass of their own.

    Raises InputsPruned when the rows are not kept any more, or nobody knows what in them is
    secret, and TooManyColumns.

    Attributes:
        columns: those of the file that the import came as, and those that failed rows have.
        has_lines: whether the rows have lines in a file.
        is_marked: whether a name or a cell is one that `marks` tells.
    """

    def __init__(self, import_: Import, marks: Marks) -> None:
        has_rows = import_.is_undo or import_.chunks.exists()  # an undo never has any
        if import_.resource_type not in importers or not has_rows:
            raise InputsPruned
        self._import = import_
        self.is_marked = False
        columns = self._found(marks)
        self._whole = clashing(columns)
        columns.pop(SURPLUS, None)
        names = {column: attribute_of(column) for column in columns}
        shown = (name if name in self._whole else column for column, name in names.items())
        self.columns = list(dict.fromkeys(shown))
        kept = import_.file is not None and LINE not in columns
        self._lines = lines_of(import_.pk) if kept else ()
        self.has_lines = bool(self._lines)

    def __iter__(self) -> Iterator[FailedLine]:
        for failure, row in failed_rows(self._import):
            texts = self._texts(row, self._whole)
            cells = [texts.get(column, NOTHING) for column in self.columns]
            line = self._lines[failure.index] if self._lines else None
            yield FailedLine(cells, line, _summary(failure), _surplus(texts))

    def _found(self, marks: Marks) -> dict[str, None]:
        columns = dict.fromkeys(self._of_file())
        for _, row in failed_rows(self._import):
            texts = self._texts(row)
            columns.update(dict.fromkeys(texts))
            cells = (*texts, *map(cell_text, texts.values()), *_surplus(texts))
            self.is_marked = self.is_marked or any(map(marks, cells))
            # Rows and columns multiply, and hostile rows have many names.
            if len(columns) >= MAX_MEMBERS:
                detail = f"With the errors the failed rows have more than {MAX_MEMBERS} columns."
                raise TooManyColumns(detail)
        return columns

    def _of_file(self) -> Iterator[str]:
        """Yield the attributes that its columns were for, in their order."""
        importer = importers.get(self._import.resource_type)
        file = self._import.file or {}
        for name in file.get("header") or ():
            attribute = file["columns"][name]
            if attribute and not is_secret(attribute.split("."), importer):
                yield attribute

    def _texts(self, row: bytes | None, whole: Collection[str] = ()) -> dict[str, bytes]:
        if row is None:  # pruned meanwhile
            return {}
        texts = texts_of(row_of(row, self._import.resource_type), whole)
        # That column is ours; of a file that was sent back it is an old one.
        texts.pop(ERRORS, None)
        return texts


def _surplus(texts: Mapping[str, bytes]) -> list[str]:
    """Return the cells of a CSV beyond its header: behind all others, where they were."""
    try:
        return msgspec.json.decode(texts.get(SURPLUS, b"[]"), type=list[str])
    except msgspec.MsgspecError:  # an attribute without a name, of JSON: no column can have it
        return []


def _summary(failure: RowFailure) -> str:
    errors = msgspec.json.decode(failure.errors)
    return "; ".join(f"{error['attribute']} {error['message']}" for error in errors)
