"""Writes records one by one by their model's own code: full_clean, save, signals and all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, Error

from imports_app.engine.planning import Draft, Drafts
from imports_app.engine.types import Schema, compact, gives_id, model_errors
from imports_app.engine.writers.base import Meanwhile, PortableWriter, Written, nothing
from imports_app.engine.writers.matching import match
from imports_app.engine.writers.orm import apply
from imports_app.importer import RowError


class NotSaved(DataError):
    """The model's own code refused a record while it saved it; its cause is what that raised."""


class SaveWriter(PortableWriter):
    """For types with `write = "save"`, on any database.

    A record that a row doesn't change isn't saved. What full_clean refuses fails its row; what
    save() or a receiver of its signals raises is NotSaved, and rolled back with the write.
    """

    def __init__(self, schema: Schema, mode: str, _: Meanwhile = nothing) -> None:
        self.schema = schema
        self.mode = mode
        # What rows refer to is known to exist, and who has the key was looked up: full_clean would
        # ask the database again for each. An id that is made here is nobody's.
        self._known = {*(link.name for link in schema.links), *schema.importer.key}
        if not gives_id(schema):
            self._known.add(schema.pk.name)
        self._errors: list[tuple[Draft, list[RowError]]] = []

    def write(self, drafts: Drafts, *, keep: bool = False) -> Written:
        """See Writer; the records are saved in the order of their rows."""
        written = Written()
        self._errors = []
        existing, new = match(self.schema, self.mode, drafts, written)
        records = self.schema.records(self.mode).in_bulk([pk for pk, _ in existing])
        todo = [*((made, records[pk]) for pk, made in existing), *((made, None) for made in new)]
        for made, record in sorted(todo, key=lambda pair: pair[0].row.index):
            with _own_code():
                self._write(made, record, written)
        # Only now: had anything raised, the rows would be written again.
        for made, errors in self._errors:
            made.row.errors.extend(errors)
        return written

    def _write(self, made: Draft, record: Any, written: Written) -> None:
        index = made.row.index
        if record is not None and not apply(record, made.fields):
            written.same.add(index)
            return
        saved = record or self.schema.model(**self.schema.scope(self.mode), **made.fields)
        if not self._save(saved, made):
            written.ids.pop(index, None)
            return
        written.ids[index] = compact(saved.pk)
        if record is None:
            written.new.add(index)
        written.created += record is None
        written.updated += record is not None

    def _save(self, record: Any, made: Draft) -> bool:
        """Return whether the record was saved; what its model says of it otherwise is noted."""
        try:
            record.full_clean(exclude=self._known)
        except ValidationError as error:
            self._errors.append((made, model_errors(self.schema, error)))
            return False
        record.save()
        return True


@contextmanager
def _own_code() -> Iterator[None]:
    """Within, what somebody's clean(), save() or receiver raises is NotSaved; trouble of the
    database stays what it is.
    """
    try:
        yield
    except Error:
        raise
    except Exception as error:
        raise NotSaved(type(error).__name__) from error
