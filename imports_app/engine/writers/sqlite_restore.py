"""Puts records back as they were, on SQLite: a prepared statement for each set of fields that an
import changed, which writes what was there before the import where there is what it left.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import compress
from operator import ne

from imports_app.database import quote
from imports_app.engine.types import Schema
from imports_app.engine.writers.layout import AnyField, moment, touched_fields
from imports_app.engine.writers.restorable import target_of, unique_names
from imports_app.engine.writers.sqlite_shape import effective
from imports_app.engine.writers.values import (
    Values,
    each_converted,
    holds_already,
    in_column,
)
from imports_app.storage.groups import Group
from imports_app.storage.states import States

TARGET = "({value} IS NULL OR EXISTS (SELECT 1 FROM {target} x WHERE x.{target_column} = {value}))"

Differing = tuple[bool, ...]  # of each field, whether the import changed it


class RestoringEach:
    """Puts back the records of a group of which nobody changed since what an import changed, and
    that would refer to nothing that is gone; but for those that may have exchanged values of which
    no two may have the same.
    """

    def __init__(self, schema: Schema, group: Group, old: States, new: States) -> None:
        self._model, self._pk = schema.model, schema.pk
        self._unique = unique_names(schema)
        self._ids = in_column(schema.pk, [*map(schema.pk.to_python, group.pks)])
        fields = {field.attname: field for field in schema.model._meta.concrete_fields}
        self._fields = [fields[name] for name in old.fields]
        self._touched = touched_fields(schema.model)
        self._old, self._new = old.columns, new.columns

    def places(self, now: datetime) -> Sequence[int]:
        """Put them back; return their places. Raises django.db.Error."""
        stamps = each_converted((field, moment(field, now)) for field in self._touched)
        found: list[int] = []
        for differing, places in self._by_difference().items():
            fields = [*compress(self._fields, differing)]
            if not self._unique.isdisjoint(field.attname for field in fields):
                continue
            sql = self._sql(fields)
            found += effective(
                sql, {n: (*each, *stamps) for n, each in self._rows(differing, places)}
            )
        return sorted(found)

    def _by_difference(self) -> Mapping[Differing, Sequence[int]]:
        """Return the places of the records in which the same fields were changed, any at all."""
        places: dict[Differing, list[int]] = defaultdict(list)
        for place, differing in enumerate(
            zip(*map(map, [ne] * len(self._old), self._old, self._new), strict=True)
        ):
            places[differing].append(place)
        places.pop((False,) * len(self._old), None)
        return places

    def _rows(self, differing: Differing, places: Sequence[int]) -> Iterator[tuple[int, Values]]:
        """Yield the parameters of each of these places, but for when it is put back."""
        columns = (*compress(self._old, differing), *compress(self._new, differing), self._ids)
        some = ([column[place] for place in places] for column in columns)
        return zip(places, zip(*some, strict=True), strict=True)

    def _sql(self, fields: Sequence[AnyField]) -> str:
        count = len(fields)
        last = 2 * count + 1
        columns = [quote(field.column) for field in (*fields, *self._touched)]
        numbers = [*range(1, count + 1), *range(last + 1, last + 1 + len(self._touched))]
        pairs = zip(columns, numbers, strict=True)
        untouched = [holds_already(f, f"?{n}") for n, f in enumerate(fields, count + 1)]
        targets = [
            TARGET.format(value=f"?{n}", **target)
            for n, field in enumerate(fields, 1)
            if (target := target_of(field))
        ]
        return (
            f"UPDATE {quote(self._model._meta.db_table)}"
            f" SET {', '.join(f'{column} = ?{n}' for column, n in pairs)}"
            f" WHERE {quote(self._pk.column)} = ?{last}"
            f" AND {' AND '.join([*untouched, *targets])}"
        )
