"""A file to the rows of an import."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import IO, Any

from msgspec import Raw

from imports_app.conf import conf
from imports_app.inputs.archives import is_archive, kept, only_file, spreadsheet_of
from imports_app.inputs.file_options import FileOptions
from imports_app.inputs.formats import InputFormat, detect_format
from imports_app.inputs.json_stream import array_rows
from imports_app.inputs.limits import ROW_DEPTH
from imports_app.inputs.names import names_of
from imports_app.inputs.ndjson_rows import ndjson_rows
from imports_app.inputs.recording import Recording
from imports_app.inputs.records import Records
from imports_app.inputs.refusals import Unreadable
from imports_app.inputs.row_file import RowFile
from imports_app.inputs.sheets import Sheet
from imports_app.inputs.table import Table
from imports_app.inputs.target import Target
from imports_app.inputs.text_lines import UTF8, TextLines, utf16, utf16_of
from imports_app.inputs.unpacking import PIECE, unpacked
from imports_app.models import Format

HEAD = 4_096  # bytes that a format is recognized by
MAX_NAME = 255

Rows = Sequence[bytes | Raw] | RowFile


@dataclass(frozen=True)
class RowSource:
    """What `services.ImportOrder` needs to know of a file.

    Attributes:
        rows: each the JSON text of one object.
        format: the import's.
        csv: the text as it was, gzipped, if it was a table.
        file: what is kept of how it was read.
        lines: where each row begins, from 1; none where nobody counts them.
        sheets: the names of a spreadsheet's sheets.
    """

    rows: Rows
    format: Format
    csv: Iterable[bytes] | None = None
    file: dict[str, Any] | None = None
    lines: Sequence[int] = field(default=())
    sheets: Sequence[str] = ()


@dataclass(frozen=True)
class Reader:
    """How files are read.

    Attributes:
        format: that of a text, where whoever sends it says so.
        target: what the rows are to become; without it columns are taken as they are called.
        max_bytes: of the file, unpacked; conf.max_request_bytes unless given.
    """

    format: InputFormat | None = None
    target: Target | None = None
    options: FileOptions = field(default_factory=FileOptions)
    max_bytes: int | None = None

    def read(self, source: Path | IO[bytes], name: str | None = None) -> RowSource:
        """Read the rows, in flat memory; a stream is left open.

        Raises InputsRefused that says what is wrong where, Unreadable for a text that can't be
        read, TooLarge, OSError.
        """
        if isinstance(source, Path):
            with source.open("rb") as stream:
                return self.read(stream, name or source.name)
        name = _printable(PurePosixPath(name.replace("\\", "/")).name) if name else None
        stream = unpacked(source, self.max_bytes)
        head = stream.peek(HEAD)[:HEAD]
        if not is_archive(head):
            return self._text(stream, name)
        with kept(stream) as file:
            if format_ := spreadsheet_of(file, head):
                return self._sheet(file, format_, name)
            return self._member(file, name)

    def _member(self, archive: IO[bytes], name: str | None) -> RowSource:
        inner, stream = only_file(archive, self._limit())
        head = stream.peek(HEAD)[:HEAD]
        if not is_archive(head):
            return self._text(stream, name, inner)
        with kept(stream) as file:
            if format_ := spreadsheet_of(file, head):
                return self._sheet(file, format_, name)
        raise Unreadable("is an archive in an archive: send the file in it")

    def _limit(self) -> int:
        return conf.max_request_bytes if self.max_bytes is None else self.max_bytes

    def _text(
        self, stream: BufferedReader, name: str | None, inner: str | None = None
    ) -> RowSource:
        head = stream.peek(PIECE)[:PIECE]
        wide = utf16_of(head)
        looked_at = head.decode(wide, "ignore").encode() if wide else head
        detected = detect_format(looked_at[:HEAD], inner or name)
        format_ = self.format or detected
        if format_ is InputFormat.CSV:
            return self._table(stream, name)
        if wide:
            stream = utf16(stream, wide, head)
        rows = _READERS[format_](stream)
        kept_of = {"name": name, "format": str(format_), "encoding": UTF8, "as_file": True}
        stored = RowFile(rows)
        return RowSource(stored, format_.stored, file=kept_of, lines=stored.lines)

    def _table(self, stream: BufferedReader, name: str | None) -> RowSource:
        recording = Recording(stream)
        table, lines = text_table(recording, self.target, self.options, max_bytes=self.max_bytes)
        rows = RowFile(table.rows())
        file = kept_of_text(table, lines) | {"name": name, "as_file": True}
        return RowSource(rows, Format.CSV, recording.packed.end(), file, rows.lines)

    def _sheet(self, file: IO[bytes], format_: InputFormat, name: str | None) -> RowSource:
        sheet = Sheet(file, self.options.sheet)
        try:
            table = Table(sheet, target=self.target, options=self.options, max_bytes=self.max_bytes)
            rows = RowFile(table.rows())
        finally:
            sheet.close()
        own = {
            "name": name,
            "format": str(format_),
            "sheet": _printable(sheet.name),
            "as_file": True,
        }
        return RowSource(
            rows=rows,
            format=Format.CSV,
            csv=sheet.packed.end(),
            file=table.as_kept() | own,
            lines=rows.lines,
            sheets=sheet.names,
        )


def _printable(name: str) -> str | None:
    """Return a name as databases and headers take it, as Django does with those of uploads."""
    return "".join(filter(str.isprintable, name))[:MAX_NAME] or None


def text_table(
    stream: IO[bytes] | Recording,
    target: Target | None,
    options: FileOptions,
    *,
    depth: int = ROW_DEPTH,
    max_bytes: int | None = None,
) -> tuple[Table, TextLines]:
    """Return the table in a text, and the text's lines. `depth` is how much each row stands in."""
    lines = TextLines(BufferedReader(stream, PIECE), options.encoding)  # type: ignore[arg-type]
    is_known = _knows(target, options) if target else bool
    records = Records(lines, options.delimiter, is_known)
    table = Table(records, target=target, options=options, depth=depth, max_bytes=max_bytes)
    return table, lines


def kept_of_text(table: Table, lines: TextLines) -> dict[str, Any]:
    """Return what is kept of how a delimited text was read, once it was."""
    file = table.as_kept()
    notices = [lines.notice] if lines.notice else []
    return {
        **file,
        "format": str(InputFormat.CSV),
        "encoding": lines.encoding,
        "notices": [*notices, *file["notices"]],
    }


def _knows(target: Target, options: FileOptions) -> Any:
    names = names_of(target)
    return lambda cell: bool(cell in options.columns or names.path_of(cell))


_READERS = {InputFormat.JSON: array_rows, InputFormat.NDJSON: ndjson_rows}

__all__ = ["Reader", "RowSource", "Rows", "kept_of_text", "text_table"]
