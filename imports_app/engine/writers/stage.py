"""The temporary table that a batch is copied into."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model

from imports_app.engine.planning import Draft, Match
from imports_app.engine.writers.layout import AnyField, Layout, is_generated
from imports_app.engine.writers.values import converting, quote, taker


class Stage:
    """A model's temporary table, as one call of the writer uses it.

    Every row has the call's number and its place among the drafts; `pk` is the record's id where
    that is known or made here, as of `now`; `has` says which of the mixed fields the row gives, a
    bit each; `complete` whether it may create a record.
    """

    def __init__(
        self, layout: Layout, drafts: Sequence[Draft], *, call: int, now: datetime
    ) -> None:
        self.now = now
        self.layout = layout
        self.drafts = drafts
        self.call = call
        self.table = _table(layout.schema.model)
        self.columns = (*layout.given, *layout.generated)

    @property
    def definition(self) -> str:
        """Makes the table once a connection; its rows go with the transaction."""
        columns = _columns(self.layout.schema.model)
        return (
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {self.table} ({columns}) ON COMMIT DELETE ROWS"
        )

    @property
    def copy(self) -> str:
        """The COPY statement for what `rows` yields."""
        names = ["stage_call", "stage_n", "stage_pk", "stage_has", "stage_complete"]
        names += [quote(field.column) for field in self.columns]
        return f"COPY {self.table} ({', '.join(names)}) FROM STDIN"

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the drafts as rows of the table."""
        values = converting(self.columns, self._taker())
        bits = {field.attname: 1 << bit for bit, field in enumerate(self.layout.mixed)}
        by_id = self.drafts[0].match is Match.ID  # then so are all
        has = 0
        for place, (made, pk) in enumerate(zip(self.drafts, self._ids(by_id=by_id), strict=True)):
            if bits:
                has = sum(bits[name] for name in made.fields if name in bits)
            complete = not by_id and not made.missing
            yield self.call, place, pk, has, complete, *values(made.fields)

    def _ids(self, *, by_id: bool) -> Sequence[Any]:
        if by_id:
            return [made.pk for made in self.drafts]
        return self.layout.new_ids(len(self.drafts), self.now)

    def _taker(self) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
        """Take the values as the draft has them, or the defaults of those that it lacks."""
        if not self.layout.mixed and not self.layout.generated:
            return taker(self.columns)
        names = [field.attname for field in self.columns]
        fresh = [(n, f.get_default) for n, f in enumerate(self.columns) if is_generated(f)]
        constants = [None if is_generated(f) else f.get_default() for f in self.columns]

        def take(fields: Mapping[str, Any]) -> list[Any]:
            values = [*map(fields.get, names, constants)]
            for place, default in fresh:
                if names[place] not in fields:
                    values[place] = default()
            return values

        return take


@cache
def _table(model: type[Model]) -> str:
    """Return the table's name. It tells its columns, too.

    Behind a pooler a connection of the server outlives the process that made the table there; a
    later one, after a migration, mustn't take it for its own.
    """
    print_ = hashlib.sha256(_columns(model).encode()).hexdigest()[:8]
    return quote(f"stage_{print_}_{model._meta.db_table}"[:63])


@cache
def _columns(model: type[Model]) -> str:
    fields = [f for f in model._meta.concrete_fields if not f.primary_key]
    columns = ", ".join(f"{quote(f.column)} {_type(f)}" for f in fields)
    pk: Any = model._meta.pk
    return (
        f"stage_call bigint, stage_n int, stage_pk {_type(pk)}, stage_has bigint,"
        f" stage_complete boolean, {columns}"
    )


def _type(field: AnyField) -> str:
    return str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection))
