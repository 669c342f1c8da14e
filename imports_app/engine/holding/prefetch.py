"""Prepare the next batch while the database works on this one."""

from contextlib import suppress
from dataclasses import dataclass
from threading import local

from imports_app.engine.planning import Drafts, Prepared, prepare
from imports_app.engine.types import Schema
from imports_app.engine.writers import Writer
from imports_app.exceptions import SealBroken
from imports_app.models import Import, ImportChunk
from imports_app.storage import chunks
from imports_app.storage.sealed import unsealed


@dataclass(slots=True)
class Expected:
    """A chunk that comes next.

    Attributes:
        by: who expects it. Nobody else may prepare it: type and mode would be another's.
        prepared: all of its rows, if there was time.
    """

    by: "Prefetch"
    import_: Import
    chunk: ImportChunk
    prepared: Prepared | None = None


class _Slot(local):
    """What the thread expects. It outlives the import in hand, for mostly another one follows."""

    expected: Expected | None = None


_slot = _Slot()


class Prefetch:
    """Expects the chunk behind that in hand: the import's own, or the next import's first one.

    Imports of a type wait for each other, so whoever ends one most likely gets the next.
    """

    def __init__(self, schema: Schema, import_: Import, *, keeps_secrets: bool) -> None:
        self._schema = schema
        self._import = import_
        self._keeps_secrets = keeps_secrets

    def expect(self, start: int) -> None:
        """Fetch the chunk that begins with the row of that index, or the next import's first.

        Not after a worker's death: the row that kills has to do it in a batch of its own.
        """
        _slot.expected = None
        if self._import.suspect_end is not None:
            return
        with suppress(SealBroken):  # the error will come again in its turn, and be reported then
            if start < self._import.inputs_size:
                _slot.expected = self.fetch(start)
            elif first := chunks.first_behind(self._import):
                if self._keeps_secrets:
                    first.inputs = unsealed(first)
                _slot.expected = Expected(self, first.bulk_import, first)

    def use_time(self, writer: Writer) -> None:
        """Prepare that chunk's rows for the writer, once, as far as can be without the database."""
        expected = _slot.expected
        if expected is None or expected.by is not self or expected.prepared:
            return
        import_, chunk = expected.import_, expected.chunk
        with suppress(Exception):  # a type's own code: it will raise again in their turn
            expected.prepared = prepare(self._schema, import_, chunk, chunk.first_row, chunk.rows)
            if isinstance(expected.prepared.drafts, Drafts):
                writer.lay_out(expected.prepared.drafts)

    def take(self, start: int) -> Expected:
        """Return the chunk with the row of that index, and what was prepared of it. Raises
        SealBroken.
        """
        expected, _slot.expected = _slot.expected, None
        if expected and (expected.import_.pk, expected.chunk.first_row) == (self._import.pk, start):
            return expected
        return self.fetch(start)

    def fetch(self, start: int) -> Expected:
        """Return the chunk with the row of that index, nothing prepared. Raises SealBroken."""
        chunk = chunks.chunk_at(self._import.pk, start)
        if self._keeps_secrets:
            chunk.inputs = unsealed(chunk)
        return Expected(self, self._import, chunk)
