"""The failed rows as a CSV file, to mend and send again: as their file was written, if they came as
one.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO

from django.http import StreamingHttpResponse

from imports_app.inputs.csv_cells import SIGN, cell_text, harmless
from imports_app.models import Import
from imports_app.outputs.failure_table import ERRORS, LINE, FailureTable

MEDIA_TYPE = "text/csv"
ROWS_A_PIECE = 100


def csv_failures(import_: Import) -> StreamingHttpResponse:
    """Return the file, streamed. Raises what FailureTable does."""
    table = FailureTable(import_, lambda text: harmless(text) != text)
    dialect = Dialect.of(import_)
    response = StreamingHttpResponse(
        encoded(_lines(table), dialect),
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


RFC_4180 = Dialect()


def _lines(table: FailureTable) -> Iterator[list[str]]:
    sign, empty = ([SIGN], [""]) if table.is_marked else ([], [])
    line = [LINE] if table.has_lines else []
    yield [*map(harmless, table.columns), *line, *sign, ERRORS]
    for failed in table:
        place = [str(failed.line)] if table.has_lines else []
        cells = [*map(cell_text, failed.cells), *place, *empty, failed.errors, *failed.surplus]
        yield [harmless(cell) for cell in cells]


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
