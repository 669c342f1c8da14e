"""The temporary table that a batch is copied into."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any

from django.db import connection

from imports_app.engine.plan import Draft, Match
from imports_app.engine.writers.layout import AnyField, Layout
from imports_app.engine.writers.values import Converter, converter, quote


class Stage:
    """A model's temporary table, as one call of the writer uses it.

    Every row has the call's number and its place among the drafts; `pk` is the record's id where
    that is known or made here; `has` says which of the mixed fields the row gives, a bit each;
    `complete` whether it may create a record.
    """

    def __init__(self, layout: Layout, drafts: Sequence[Draft], *, call: int) -> None:
        self.layout = layout
        self.drafts = drafts
        self.call = call
        self.table = quote(f"stage_{layout.schema.model._meta.db_table}"[:63])
        self.columns = (*layout.given, *layout.generated)

    @property
    def definition(self) -> str:
        """Makes the table once a connection; its rows go with the transaction."""
        fields = [f for f in self.layout.schema.model._meta.concrete_fields if not f.primary_key]
        columns = [f"{quote(f.column)} {_type(f)}" for f in fields]
        pk_type = _type(self.layout.schema.pk)
        return (
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {self.table} (stage_call bigint, stage_n int,"
            f" stage_pk {pk_type}, stage_has bigint, stage_complete boolean, {', '.join(columns)})"
            " ON COMMIT DELETE ROWS"
        )

    @property
    def copy(self) -> str:
        """The COPY statement for what `rows` yields."""
        names = ["stage_call", "stage_n", "stage_pk", "stage_has", "stage_complete"]
        names += [quote(field.column) for field in self.columns]
        return f"COPY {self.table} ({', '.join(names)}) FROM STDIN"

    @cached_property
    def mixed(self) -> tuple[AnyField, ...]:
        """The fields that some rows give and others don't."""
        sets = {tuple(made.fields) for made in self.drafts}
        return tuple(f for f in self.layout.given if not all(f.attname in names for names in sets))

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The drafts as rows of the table."""
        values = self._values()
        bits = {field.attname: 1 << bit for bit, field in enumerate(self.mixed)}
        for place, made in enumerate(self.drafts):
            has = sum(bits[name] for name in made.fields if name in bits) if bits else 0
            complete = not made.missing and made.match is not Match.ID
            yield self.call, place, self._pk(made), has, complete, *values(made.fields)

    def _pk(self, made: Draft) -> Any:
        if made.match is Match.ID:
            return made.pk
        return None if self.layout.numbered else self.layout.schema.pk.get_default()

    def _values(self) -> Any:
        """Takes a draft's column values; the plainest way that serves, for it runs for each row."""
        steps = [(f.attname, converter(f), f.get_default) for f in self.columns]
        plain = not self.mixed and not self.layout.generated
        if plain and len(steps) > 1 and not any(convert for _, convert, _ in steps):
            return itemgetter(*(name for name, _, _ in steps))
        return lambda fields: [_value(fields, *step) for step in steps]


def _value(fields: dict[str, Any], name: str, convert: Converter | None, default: Any) -> Any:
    value = fields[name] if name in fields else default()
    return convert(value) if convert is not None else value


def _type(field: AnyField) -> str:
    return str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection))
