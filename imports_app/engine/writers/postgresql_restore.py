"""Puts records back as they were, on PostgreSQL: the server compares what is there with what an
import left, and writes what was there before it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from imports_app.database import connection, quote
from imports_app.engine.types import Schema
from imports_app.engine.writers.layout import AnyField, moment, touched_fields
from imports_app.engine.writers.restorable import target_of, unique_names
from imports_app.storage.groups import Group
from imports_app.storage.states import NOT_GIVEN, States

# OFFSET keeps the server from reading a text once for each use of its value.
SQL = """
WITH given AS MATERIALIZED (
    SELECT *, {changed} FROM (
        SELECT place - 1 AS place, pk, {values}
        FROM unnest(%(pks)s::{pk_type}[], {cells}) WITH ORDINALITY AS texts(pk, {names}, place)
        OFFSET 0
    ) AS typed
), restored AS (
    UPDATE {table} t SET {assignments} FROM given g
    WHERE t.{pk} = g.pk AND ({any_changed}) AND {condition}
    RETURNING g.place
)
SELECT array_agg(place ORDER BY place) FROM restored
"""
TEXT = "string_to_array(%({side}{n})s, %({side}_mark)s, %({side}_null)s)"
LIST = "%({side}{n})s::text[]"
VALUES = "o{n}::{type} AS old{n}, n{n}::{type} AS new{n}"
CHANGED = "old{n} IS DISTINCT FROM new{n} AS changed{n}"
IS_CHANGED = "g.changed{n}"
ASSIGNMENT = "{column} = CASE WHEN g.changed{n} THEN g.old{n} ELSE t.{column} END"
UNTOUCHED = "(NOT g.changed{n} OR t.{column} IS NOT DISTINCT FROM g.new{n})"
NOT_CHANGED = "NOT g.changed{n}"
TARGET = """(NOT g.changed{n} OR g.old{n} IS NULL OR
    EXISTS (SELECT FROM {target} x WHERE x.{target_column} = g.old{n}))"""


class Restoring:
    """Puts back the records of a group of which nobody changed since what an import changed, and
    that would refer to nothing that is gone; but for those that may have exchanged values of which
    no two may have the same.
    """

    def __init__(self, schema: Schema, group: Group, old: States, new: States) -> None:
        self._schema, self._group = schema, group
        self._old, self._new = old, new
        columns = range(len(old.columns))
        self._as_text = [old.is_parted(n) and new.is_parted(n) for n in columns]

    def places(self, now: datetime) -> Sequence[int]:
        """Put them back; return their places. Raises django.db.Error."""
        values: dict[str, Any] = {"pks": self._group.pks}
        for side, states in (("old", self._old), ("new", self._new)):
            values[f"{side}_mark"], values[f"{side}_null"] = states.marks
        for n, as_text in enumerate(self._as_text):
            values[f"old{n}"], values[f"new{n}"] = self._texts(n) if as_text else self._lists(n)
        values |= {f"touched{n}": moment(f, now) for n, f in self._touched}
        with connection.cursor() as cursor:
            cursor.execute(self._sql(), values)
            (places,) = cursor.fetchone()
        return places or ()

    def _texts(self, number: int) -> tuple[str, str]:
        return self._old.columns[number], self._new.columns[number]

    def _lists(self, number: int) -> tuple[list[str | None], list[str | None]]:
        """Return the column before and after; what no row gave was not changed."""
        old, new = self._old.cells(number), self._new.cells(number)
        for place, pair in enumerate(zip(old, new, strict=True)):
            if NOT_GIVEN in pair:
                old[place] = new[place] = None
        return old, new

    @property
    def _touched(self) -> Sequence[tuple[int, AnyField]]:
        return [*enumerate(touched_fields(self._schema.model))]

    def _sql(self) -> str:
        model, pk = self._schema.model, self._schema.pk
        fields = {field.attname: field for field in model._meta.concrete_fields}
        each = [_parts(n, fields[name]) for n, name in enumerate(self._old.fields)]

        def of_each(template: str, between: str = ", ") -> str:
            return between.join(template.format(**parts) for parts in each)

        cells = (
            (TEXT if as_text else LIST).format(side=side, n=n)
            for side in ("old", "new")
            for n, as_text in enumerate(self._as_text)
        )
        texts = (f"{side}{parts['n']}" for side in "on" for parts in each)
        touched = [f"{quote(f.column)} = %(touched{n})s" for n, f in self._touched]
        unique = unique_names(self._schema)
        held = [
            NOT_CHANGED.format(n=n) for n, name in enumerate(self._old.fields) if name in unique
        ]
        targets = [TARGET.format(**parts) for parts in each if "target" in parts]
        return SQL.format(
            table=quote(model._meta.db_table),
            pk=quote(pk.column),
            pk_type=pk.rel_db_type(connection),
            cells=", ".join(cells),
            names=", ".join(texts),
            values=of_each(VALUES),
            changed=of_each(CHANGED),
            assignments=", ".join([of_each(ASSIGNMENT), *touched]),
            any_changed=of_each(IS_CHANGED, " OR "),
            condition=" AND ".join([of_each(UNTOUCHED, " AND "), *held, *targets]),
        )


def _parts(number: int, field: AnyField) -> dict[str, Any]:
    """Return what the templates say of a field."""
    type_ = field.db_type(connection)
    return {"n": number, "column": quote(field.column), "type": type_, **target_of(field)}
