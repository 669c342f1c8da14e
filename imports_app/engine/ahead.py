"""Reads the rows of the next batch while the database works on those of this one."""

from collections.abc import Sequence

from imports_app.engine import chunks
from imports_app.engine.rows import Row, read
from imports_app.engine.schema import Schema
from imports_app.models import Import, ImportChunk


class Ahead:
    """The chunk behind that in hand, and its rows if there was time to read them."""

    def __init__(self, schema: Schema, import_: Import) -> None:
        self._schema = schema
        self._import = import_
        self._chunk: ImportChunk | None = None
        self._rows: Sequence[Row] = ()

    def expect(self, start: int) -> None:
        """Fetches the chunk that begins with the row of that index, if there is one.

        Not after a worker's death: the row that kills has to do it in a batch of its own.
        """
        self._chunk, self._rows = None, ()
        if start < self._import.inputs_size and self._import.suspect_end is None:
            self._chunk = chunks.chunk_at(self._import.pk, start)

    def use_time(self) -> None:
        """Reads the rows of that chunk, once."""
        if self._chunk is None or self._rows:
            return
        try:
            self._rows = self.read(self._chunk, self._chunk.first_row, self._chunk.rows)
        except Exception:  # noqa: BLE001  (a type's own code: it will do so again in their turn)
            self._rows = ()

    def take(self, start: int) -> tuple[ImportChunk, Sequence[Row]]:
        """The chunk with the row of that index, and all its rows if they have been read."""
        chunk, rows = self._chunk, self._rows
        self._chunk, self._rows = None, ()
        if chunk is not None and chunk.first_row == start:
            return chunk, rows
        return chunks.chunk_at(self._import.pk, start), ()

    def read(self, chunk: ImportChunk, start: int, size: int) -> Sequence[Row]:
        """The chunk's rows from the row of index `start`, at most `size`."""
        format_ = self._import.format
        return read(self._schema, chunk.inputs, chunk.first_row, start, size, format_=format_)
