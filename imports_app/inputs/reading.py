"""A file to the rows of an import."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import IO

from msgspec import Raw

from imports_app.inputs.csv_rows import csv_rows
from imports_app.inputs.formats import BOM, InputFormat, detect_format
from imports_app.inputs.json_rows import json_rows
from imports_app.inputs.json_text import SPACE, check_utf8
from imports_app.inputs.limits import ROW_DEPTH
from imports_app.inputs.ndjson_rows import ndjson_rows
from imports_app.inputs.recording import Recording
from imports_app.inputs.unpacking import PIECE, unpacked
from imports_app.models import Format

HEAD = 1_024  # bytes that a format is recognized by


@dataclass(frozen=True)
class RowSource:
    """What `services.ImportOrder` needs to know of a file.

    Attributes:
        rows: each the JSON text of one object.
        format: the import's.
        csv: the text as it was, gzipped, if it is a CSV.
    """

    rows: Sequence[bytes | Raw]
    format: Format
    csv: bytes | None = None


def read_rows(
    source: Path | IO[bytes], format_: InputFormat | None = None, *, name: str | None = None
) -> RowSource:
    """Read the rows of a file: CSV, a JSON array or NDJSON, perhaps gzipped, in UTF-8.

    Without a format it is detected, by the name too. One copy of the file is in memory at most; a
    stream is left open. Raises InputsRefused that says what is wrong where, Unreadable for a text
    that can't be read, TooLarge beyond conf.max_request_bytes unpacked, OSError.
    """
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return read_rows(stream, format_, name=name or source.name)
    text = unpacked(source)
    detected = detect_format(text.peek(HEAD)[:HEAD], name)
    chosen = format_ or detected
    if chosen is InputFormat.CSV:
        return read_csv(text)
    return RowSource(rows=_READERS[chosen](text), format=chosen.stored)


def read_csv(text: IO[bytes], *, depth: int = ROW_DEPTH) -> RowSource:
    """Return the rows of a CSV. `depth` is how much each row stands in. Raises what csv_rows
    does.
    """
    recording = Recording(text)
    rows = csv_rows(BufferedReader(recording, PIECE), depth=depth)
    return RowSource(rows=rows, format=Format.CSV, csv=recording.packed())


def _json_rows(stream: BufferedReader) -> list[Raw]:
    """Read the rows of a JSON array.

    A byte order mark, which editors add, and space before the array are skipped.
    """
    head = stream.peek(HEAD)
    stream.read(len(head) - len(head.removeprefix(BOM).lstrip(SPACE)))
    text = BytesIO()  # grows in place, where read() would join two copies
    while piece := stream.read(PIECE):
        text.write(piece)
    check_utf8(text.getvalue())
    return json_rows(text.getvalue())


_READERS: Mapping[InputFormat, Callable[[BufferedReader], Sequence[bytes | Raw]]] = {
    InputFormat.JSON: _json_rows,
    InputFormat.NDJSON: ndjson_rows,
}
