"""Puts records back as they were, on PostgreSQL: the server compares what is there with what an
import left, and writes what was there before it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import ForeignKey

from imports_app.database import connection
from imports_app.engine.types import Schema
from imports_app.engine.writers.layout import AnyField, moment, touched_fields
from imports_app.engine.writers.values import quote
from imports_app.storage.changes import Group
from imports_app.storage.states import States

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
CELLS = "string_to_array(%({side}{n})s, %({side}_mark)s, %({side}_null)s)"
VALUES = "o{n}::{type} AS old{n}, n{n}::{type} AS new{n}"
CHANGED = "old{n} IS DISTINCT FROM new{n} AS changed{n}"
IS_CHANGED = "g.changed{n}"
ASSIGNMENT = "{column} = CASE WHEN g.changed{n} THEN g.old{n} ELSE t.{column} END"
UNTOUCHED = "(NOT g.changed{n} OR t.{column} IS NOT DISTINCT FROM g.new{n})"
TARGET = """(NOT g.changed{n} OR g.old{n} IS NULL OR
    EXISTS (SELECT FROM {target} x WHERE x.{target_column} = g.old{n}))"""


class Restoring:
    """Puts back the records of a group of which nobody changed since what an import changed, and
    that would refer to nothing that is gone.
    """

    def __init__(self, schema: Schema, group: Group) -> None:
        self._schema = schema
        self._group = group

    def places(self, now: datetime) -> Sequence[int]:
        """Put them back; return their places. Raises django.db.Error.

        None where columns don't tell it, or where two records may have exchanged values of which no
        two may have the same.
        """
        old, new = self._group.old, self._group.new
        if old is None or new is None or not self._is_told(old, new):
            return ()
        texts = {f"old{n}": text for n, text in enumerate(old.columns)}
        texts |= {f"new{n}": text for n, text in enumerate(new.columns)}
        for side, states in (("old", old), ("new", new)):
            texts[f"{side}_mark"], texts[f"{side}_null"] = states.marks
        times = {f"touched{n}": moment(f, now) for n, f in self._touched}
        with connection.cursor() as cursor:
            cursor.execute(self._sql(old.fields), {"pks": self._group.pks, **texts, **times})
            (places,) = cursor.fetchone()
        return places or ()

    def _is_told(self, old: States, new: States) -> bool:
        fields = self._schema.model._meta.concrete_fields
        known = {field.attname for field in fields}
        unique = {*self._schema.found_by}.union(*self._schema.other_unique_names)
        return (
            len(old.fields) > 0
            and old.fields == new.fields
            and known.issuperset(old.fields)
            and unique.isdisjoint(old.fields)
            and old.is_parted
            and new.is_parted
        )

    @property
    def _touched(self) -> Sequence[tuple[int, AnyField]]:
        return [*enumerate(touched_fields(self._schema.model))]

    def _sql(self, names: Sequence[str]) -> str:
        model, pk = self._schema.model, self._schema.pk
        fields = {field.attname: field for field in model._meta.concrete_fields}
        each = [_parts(n, fields[name]) for n, name in enumerate(names)]

        def of_each(template: str, between: str = ", ", **more: str) -> str:
            return between.join(template.format(**parts, **more) for parts in each)

        cells = (of_each(CELLS, side=side) for side in ("old", "new"))
        texts = (of_each("{side}{n}", side=side) for side in "on")
        touched = [f"{quote(f.column)} = %(touched{n})s" for n, f in self._touched]
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
            condition=" AND ".join([of_each(UNTOUCHED, " AND "), *targets]),
        )


def _parts(number: int, field: AnyField) -> dict[str, Any]:
    """Return what the templates say of a field."""
    parts = {"n": number, "column": quote(field.column), "type": field.db_type(connection)}
    if isinstance(field, ForeignKey):
        parts["target"] = quote(field.remote_field.model._meta.db_table)
        parts["target_column"] = quote(field.target_field.column)
    return parts
