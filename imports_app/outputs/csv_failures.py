"""The failed rows as a CSV file (RFC 4180), to mend and send again."""

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
from imports_app.storage.failures import failed_rows

MEDIA_TYPE = "text/csv"
ERRORS = "errors"
ROWS_A_PIECE = 100


def csv_failures(import_: Import) -> StreamingHttpResponse:
    """Return the file, streamed in flat memory; its columns are found in a pass of their own.

    Raises InputsPruned when the rows are not kept any more, or nobody knows what in them is
    secret, and TooManyColumns.
    """
    if import_.resource_type not in importers or not import_.chunks.exists():
        raise InputsPruned
    layout = _layout(import_)
    response = StreamingHttpResponse(
        encoded(_lines(import_, layout)), content_type=f"{MEDIA_TYPE}; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="failures-{import_.pk}.csv"'
    return response


@dataclass(frozen=True)
class Layout:
    """What the file's columns are.

    Attributes:
        columns: those that failed rows have, as they appear.
        whole: the attributes that stay whole.
        quoted: whether any cell is quoted, which the file says by a column of its own.
    """

    columns: list[str]
    whole: set[str]
    quoted: bool


def _layout(import_: Import) -> Layout:
    columns: dict[str, None] = {}
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
    return Layout(list(dict.fromkeys(shown)), whole, quoted)


def _lines(import_: Import, layout: Layout) -> Iterator[list[str]]:
    sign, empty = ([SIGN], [""]) if layout.quoted else ([], [])
    yield [*map(harmless, layout.columns), ERRORS, *sign]
    for failure, row in failed_rows(import_):
        cells = _cells(import_, row, layout.whole)
        line = [*(cells.get(column, "") for column in layout.columns), _summary(failure), *empty]
        yield [harmless(cell) for cell in line + _surplus(cells)]


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


def encoded(lines: Iterable[list[str]]) -> Iterator[bytes]:
    """Yield the lines as text, many in one piece."""
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for number, line in enumerate(lines, 1):
        writer.writerow(line)
        if number % ROWS_A_PIECE == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()
