"""What SQLite holds of the records that are looked for."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from django.db import models

from imports_app.database import connection, quote
from imports_app.engine.types import Schema
from imports_app.engine.writers.layout import AnyField
from imports_app.engine.writers.values import AS_THEY_ARE, Values

# With a sign before it a column is handed over as it is. CROSS JOIN keeps SQLite from going through
# all of a table that it knows nothing of.
ALL = "SELECT k.key, {columns} FROM json_each(%s) k CROSS JOIN {table} t WHERE {condition}"
ONE = "SELECT {columns} FROM {table} t WHERE {condition}"

# The types of which JSON hands values over as the driver does.
EXACT = {str, int, type(None)}

# The fields of which a value that was written can be read like one that SQLite returns; another may
# come back as something else.
READABLE = AS_THEY_ARE | {
    models.BinaryField,
    models.DateField,
    models.DateTimeField,
    models.DecimalField,
    models.DurationField,
    models.FileField,
    models.GenericIPAddressField,
    models.ImageField,
    models.JSONField,
    models.TimeField,
    models.UUIDField,
}


class SqliteLookup:
    """Looks for records by some fields; values come and go as the driver has them."""

    def __init__(self, schema: Schema, mode: str, by: Sequence[AnyField]) -> None:
        self._schema = schema
        self._by = by
        self._scope = [mode] if schema.has_mode else []

    def of(self, keys: Sequence[Values], fields: Sequence[AnyField]) -> dict[int, Values]:
        """Return the id of each record that is there, and what these fields hold, by its key's
        place.
        """
        if {type(part) for key in keys for part in key} <= EXACT:
            return self._together(keys, fields)
        sql = self._sql(ONE, fields, ["%s"] * len(self._by))
        found = ((place, self._one(sql, key)) for place, key in enumerate(keys))
        return {place: values for place, values in found if values is not None}

    def _together(self, keys: Sequence[Values], fields: Sequence[AnyField]) -> dict[int, Values]:
        values = [f"json_extract(k.value, '$[{n}]')" for n in range(len(self._by))]
        sql = self._sql(ALL, fields, values)
        with connection.cursor() as cursor:
            cursor.execute(sql, [msgspec.json.encode(keys).decode(), *self._scope])
            return {row[0]: row[1:] for row in cursor.fetchall()}

    def _one(self, sql: str, key: Values) -> Values | None:
        with connection.cursor() as cursor:
            cursor.execute(sql, [*key, *self._scope])
            found: Values | None = cursor.fetchone()
            return found

    def _sql(self, sql: str, fields: Sequence[AnyField], values: Sequence[str]) -> str:
        same = [
            f"t.{quote(field.column)} {'IS' if field.null else '='} {value}"
            for field, value in zip(self._by, values, strict=True)
        ]
        scope = [f"t.{quote('mode')} = %s"] if self._scope else []
        return sql.format(
            columns=", ".join(f"+t.{quote(field.column)}" for field in (self._schema.pk, *fields)),
            table=quote(self._schema.model._meta.db_table),
            condition=" AND ".join([*same, *scope]),
        )


def as_held(field: AnyField, column: Sequence[Any]) -> Sequence[Any]:
    """Return values that were written as SQLite returns them: it makes numbers of decimals."""
    if not isinstance(field, models.DecimalField):
        return column
    return [None if value is None else float(value) for value in column]


@cache
def reads_back(field: AnyField) -> bool:
    """Return whether `as_held` tells of any value of the field what SQLite would return."""
    if isinstance(field, models.ForeignKey):
        return reads_back(field.target_field)
    return type(field) in READABLE
