"""The temporary table that a batch is copied into."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Model

from imports_app.database import connection, quote
from imports_app.engine.planning import Drafts, Match
from imports_app.engine.writers.copy_text import cells, copy_text
from imports_app.engine.writers.layout import AnyField, Layout, is_generated
from imports_app.engine.writers.values import in_column, values_of
from imports_app.models.ids import new_id_texts


class Stage:
    """A model's temporary table, as one call of the writer uses it.

    Within one transaction no two rows share a number, whoever staged them: those of all calls stay.
    What would be the same for all rows is not staged.

    Attributes:
        first: the number of the first row; the others follow it.
        names: the columns that the rows fill. Besides fields there are `stage_pk`, the record's id
            where that is known or made here; `stage_has`, which of the mixed fields the row gives,
            a bit each; `stage_complete`, whether it may create a record.
        columns: their cells, by name.
        text: the rows as COPY reads them, in the order in which they are looked up.
    """

    _next = 0

    def __init__(self, layout: Layout, drafts: Drafts, now: datetime) -> None:
        self.layout = layout
        self.match = drafts.match
        self.count = len(drafts)
        self.first = Stage._next
        Stage._next += self.count
        self.table = _table(layout.schema.model)
        self.fields = (*layout.given, *layout.generated)
        self.columns = dict(self._columns(drafts, now))
        self.names = [*self.columns]
        self.text = copy_text([*self.columns.values()], self._order())

    def fill(self, cursor: Any) -> None:
        """Copy the rows into the table."""
        with cursor.copy(f"COPY {self.table} ({', '.join(self.names)}) FROM STDIN") as copy:
            copy.write(self.text)

    @property
    def complete(self) -> str:
        """Whether a row may create a record, as SQL."""
        if "stage_complete" in self.names:
            return "s.stage_complete"
        return "false" if self.match is Match.ID else "true"

    def _columns(self, drafts: Drafts, now: datetime) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield each column's name and cells."""
        yield "stage_n", [*map(str, range(self.first, self.first + self.count))]
        if drafts.pks:
            yield "stage_pk", cells(drafts.pks)
        elif not self.layout.numbered:
            yield "stage_pk", new_id_texts(self.layout.schema.pk, self.count, now)
        if self.layout.mixed:
            yield "stage_has", self._has(drafts)
        if drafts.missing and self.match is not Match.ID:
            yield "stage_complete", ["tf"[n in drafts.missing] for n in range(self.count)]
        for field in self.fields:
            yield quote(field.column), cells(self._values(field, drafts.fields))

    def _order(self) -> Sequence[int]:
        """Return the places in the order of what records are found by.

        So look-ups find the pages of an index in the cache, and writers of the same records lock
        them in the same order. Where the database numbers new records the rows' order stays.
        """
        if self.match is Match.ID:
            found_by = [self.columns["stage_pk"]]
        elif self.match is Match.KEY and not self.layout.numbered:
            found_by = [self.columns[quote(f.column)] for f in self.layout.schema.key_fields]
        else:
            return range(self.count)
        keys = found_by[0] if len(found_by) == 1 else [*zip(*found_by, strict=True)]
        return sorted(range(self.count), key=keys.__getitem__)

    def _values(self, field: AnyField, drafts: Sequence[Mapping[str, Any]]) -> Sequence[Any]:
        """Return what the drafts give, or the default of those that give nothing."""
        if field in self.layout.given and field not in self.layout.mixed:
            return values_of(field, drafts)
        name, default = field.attname, field.get_default()
        default_of = field.get_default if is_generated(field) else lambda: default
        return in_column(field, [d[name] if name in d else default_of() for d in drafts])

    def _has(self, drafts: Drafts) -> Sequence[str]:
        bits = {field.attname: 1 << bit for bit, field in enumerate(self.layout.mixed)}
        by_shape = {
            shape: str(sum(bits.get(name, 0) for name in shape)) for shape in {*drafts.shapes}
        }
        return [by_shape[shape] for shape in drafts.shapes]


def definition_of(model: type[Model]) -> str:
    """Return the statement that makes the model's table once a connection.

    Its rows go with a transaction.
    """
    columns = _definitions(model)
    return f"CREATE TEMPORARY TABLE IF NOT EXISTS {_table(model)} ({columns}) ON COMMIT DELETE ROWS"


@cache
def _table(model: type[Model]) -> str:
    """Return the table's name. It tells its columns, too.

    Behind a pooler a connection of the server outlives the process that made the table there; a
    later one, after a migration, mustn't take it for its own.
    """
    print_ = hashlib.sha256(_definitions(model).encode()).hexdigest()[:8]
    return quote(f"stage_{print_}_{model._meta.db_table}"[:63])


@cache
def _definitions(model: type[Model]) -> str:
    fields = [f for f in model._meta.concrete_fields if not f.primary_key]
    columns = ", ".join(f"{quote(f.column)} {_type(f)}" for f in fields)
    pk: Any = model._meta.pk
    return (
        f"stage_n bigint, stage_pk {_type(pk)}, stage_has bigint, stage_complete boolean, {columns}"
    )


def _type(field: AnyField) -> str:
    return str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection))
