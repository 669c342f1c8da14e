"""The failed rows as a CSV file, to mend and send again: as their file was written, if they came as
one.
"""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO

import msgspec
from django.http import StreamingHttpResponse

from imports_app.exceptions import InputsPruned, TooManyColumns
from imports_app.inputs.csv_cells import SIGN, attribute_of, cells_of, clashing, harmless
from imports_app.inputs.limits import MAX_MEMBERS
from imports_app.models import Import, RowFailure
from imports_app.models.chunks import SURPLUS
from imports_app.outputs.texts import row_of
from imports_app.registry import importers
from imports_app.secrecy.hidden import is_secret
from imports_app.storage.failures import failed_rows
from imports_app.storage.lines import lines_of

MEDIA_TYPE = "text/csv"
ERRORS, LINE = "errors", "line"
ROWS_A_PIECE = 100


def csv_failures(import_: Import) -> StreamingHttpResponse:
    """Return the file, streamed in flat memory; its columns are found in a pass of their own.

    Raises InputsPruned when the rows are not kept any more, or nobody knows what in them is
    secret, and TooManyColumns.
    """
    has_rows = import_.is_undo or import_.chunks.exists()  # an undo never has any
    if import_.resource_type not in importers or not has_rows:
        raise InputsPruned
    layout = _layout(import_)
    dialect = Dialect.of(import_)
    response = StreamingHttpResponse(
        encoded(_lines(import_, layout), dialect),
        content_type=f"{MEDIA_TYPE}; charset={dialect.encoding}",
    )
    response["Content-Disposition"] = f'attachment; filename="failures-{import_.pk}.csv"'
    return response


@dataclass(frozen=True)
class Dialect:
    """How a file of cells is written."""

    delimiter: str = ","
    encoding: str = "utf-8"

    @classmethod
    def of(cls, import_: Import) -> "Dialect":
        """Return that of the file which the import came as. UTF-16 becomes UTF-8: no program needs
        it.
        """
        file = import_.file or {}
        delimiter, encoding = file.get("delimiter"), file.get("encoding") or "utf-8"
        if delimiter is None or encoding.startswith("utf"):
            return cls(delimiter or ",")
        return cls(delimiter, encoding)


@dataclass(frozen=True)
class Layout:
    """What the file's columns are.

    Attributes:
        columns: those of the file that the import came as, and those that failed rows have.
        whole: the attributes that stay whole.
        quoted: whether any cell is quoted, which the file says by a column of its own.
        lines: whether the rows have lines in a file.
    """

    columns: list[str]
    whole: set[str]
    quoted: bool
    lines: bool


RFC_4180 = Dialect()


def _layout(import_: Import) -> Layout:
    columns = dict.fromkeys(_of_file(import_))
    quoted = False
    for _, row in failed_rows(import_):
        cells = _cells(import_, row)
        columns.update(dict.fromkeys(cells))
        texts = (text for pair in cells.items() for text in pair)
        quoted = quoted or any(harmless(text) != text for text in (*texts, *_surplus(cells)))
        # Rows and columns multiply, and hostile rows have many names.
        if len(columns) >= MAX_MEMBERS:
            detail = f"With the errors the failed rows have more than {MAX_MEMBERS} columns."
            raise TooManyColumns(detail)
    whole = clashing(columns)
    columns.pop(SURPLUS, None)
    names = {column: attribute_of(column) for column in columns}
    shown = (name if name in whole else column for column, name in names.items())
    lines = import_.file is not None and LINE not in columns and bool(lines_of(import_.pk))
    return Layout(list(dict.fromkeys(shown)), whole, quoted, lines)


def _of_file(import_: Import) -> Iterator[str]:
    """Yield the attributes that its columns were for, in their order."""
    importer = importers.get(import_.resource_type)
    for attribute in ((import_.file or {}).get("columns") or {}).values():
        if attribute and not is_secret(attribute.split("."), importer):
            yield attribute


def _lines(import_: Import, layout: Layout) -> Iterator[list[str]]:
    sign, empty = ([SIGN], [""]) if layout.quoted else ([], [])
    line_of = lines_of(import_.pk) if layout.lines else ()
    yield [*map(harmless, layout.columns), *([LINE] if layout.lines else []), *sign, ERRORS]
    for failure, row in failed_rows(import_):
        cells = _cells(import_, row, layout.whole)
        own = [cells.get(column, "") for column in layout.columns]
        place = [str(line_of[failure.index])] if line_of else []
        line = [*own, *place, *empty, _summary(failure), *_surplus(cells)]
        yield [harmless(cell) for cell in line]


def _cells(import_: Import, row: bytes | None, whole: Collection[str] = ()) -> dict[str, str]:
    if row is None:  # pruned meanwhile
        return {}
    cells = cells_of(row_of(row, import_.resource_type), whole)
    cells.pop(ERRORS, None)  # that column is ours; of a file that was sent back it is an old one
    return cells


def _surplus(cells: Mapping[str, str]) -> list[str]:
    """Return the cells of a CSV beyond its header: behind all others, where they were."""
    try:
        return msgspec.json.decode(cells.get(SURPLUS, "[]"), type=list[str])
    except msgspec.MsgspecError:  # an attribute without a name, of JSON: no column can have it
        return []


def _summary(failure: RowFailure) -> str:
    """`name can't be blank; weight is not a number`"""
    errors = msgspec.json.decode(failure.errors)
    return "; ".join(f"{error['attribute']} {error['message']}" for error in errors)


def encoded(lines: Iterable[list[str]], dialect: Dialect = RFC_4180) -> Iterator[bytes]:
    """Yield the lines as text, many in one piece. A message may have a character that the encoding
    lacks.
    """
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n", delimiter=dialect.delimiter)
    encoding = dialect.encoding
    for number, line in enumerate(lines, 1):
        writer.writerow(line)
        if number % ROWS_A_PIECE == 0:
            yield buffer.getvalue().encode(encoding, "replace")
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode(encoding, "replace")
