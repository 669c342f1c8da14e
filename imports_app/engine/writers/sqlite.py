"""Writes records on SQLite: one query finds them, prepared statements update and create them.

The transaction is an immediate one, so nobody else writes between the two.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from imports_app.engine.planning import Draft
from imports_app.engine.types import Schema
from imports_app.engine.writers.base import Meanwhile, Written, nothing
from imports_app.engine.writers.layout import AnyField, Layout, layout_of, moment
from imports_app.engine.writers.matching import match
from imports_app.engine.writers.values import (
    converter,
    converting,
    is_json,
    quote,
    same_json,
    taker,
)


class SqliteWriter:
    """A query, and one prepared statement for each set of fields that rows give."""

    def __init__(self, schema: Schema, mode: str, _: Meanwhile = nothing) -> None:
        self.schema = schema
        self.mode = mode
        self.table = quote(schema.model._meta.db_table)
        self.pk = quote(schema.pk.column)

    def begin(self) -> None:
        """See Writer."""
        connection.ensure_connection()
        connection.connection.create_function("same_json", 2, same_json, deterministic=True)

    def write(self, drafts: Sequence[Draft]) -> Written:
        """See Writer."""
        written = Written()
        now = timezone.now()
        existing, new = match(self.schema, self.mode, drafts, written)
        for group in _by_fields(existing, lambda pair: pair[1]):
            written.same |= self._update(group, now)
        written.updated = len(existing) - len(written.same)
        for group in _by_fields(new, lambda made: made):
            written.records.update(self._create(group, now))
        written.created = len(new)
        return written

    def _update(self, group: Sequence[tuple[Any, Draft]], now: datetime) -> set[int]:
        """The indexes of the rows that changed nothing."""
        layout = layout_of(self.schema, self.mode, [made for _, made in group])
        changes = layout.changes(group[0][1].match)
        if not changes:
            return {made.row.index for _, made in group}
        columns = [quote(field.column) for field in (*changes, *layout.touched)]
        assignments = ", ".join(f"{column} = ?{n}" for n, column in enumerate(columns, 1))
        same = " AND ".join(_same(field, f"?{n}") for n, field in enumerate(changes, 1))
        sql = (
            f"UPDATE {self.table} SET {assignments}"
            f" WHERE {self.pk} = ?{len(columns) + 1} AND NOT ({same})"
        )
        stamps = [_converted(field, moment(field, now)) for field in layout.touched]
        take = converting(changes, taker(changes))
        rows = (
            (made.row.index, (*take(made.fields), *stamps, _pk(self.schema, pk)))
            for pk, made in group
        )
        return _without_effect(sql, rows)

    def _create(self, group: Sequence[Draft], now: datetime) -> dict[int, Any]:
        """The new records' ids by row index."""
        layout = layout_of(self.schema, self.mode, group)
        fields = (*layout.given, *layout.generated, *layout.constant)
        constants = [_converted(f, layout.constant_value(f, now)) for f in layout.constant]
        columns = [self.pk, *(quote(field.column) for field in fields)]
        sql = f"INSERT INTO {self.table} ({', '.join(columns)}) VALUES ({_marks(columns)})"
        ids = self._new_ids(layout, len(group), now)
        take = converting(layout.given, taker(layout.given))
        rows = [
            (
                _pk(self.schema, pk),
                *take(made.fields),
                *(_converted(field, field.get_default()) for field in layout.generated),
                *constants,
            )
            for pk, made in zip(ids, group, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)
        return {made.row.index: pk for pk, made in zip(ids, group, strict=True)}

    def _new_ids(self, layout: Layout, count: int, now: datetime) -> Sequence[Any]:
        """Ids never used before: behind AUTOINCREMENT's own mark, which inserting them moves."""
        if not layout.numbered:
            return layout.new_ids(count, now)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s",
                [self.schema.model._meta.db_table],
            )
            (last,) = cursor.fetchone()
        return range(last + 1, last + 1 + count)


def _without_effect(sql: str, rows: Iterable[tuple[int, Sequence[Any]]]) -> set[int]:
    """Executes the statement for each of the rows; the indexes of those that changed nothing.

    It is what `executemany` does, which doesn't say which rows these are.
    """
    same = set()
    with connection.wrap_database_errors, closing(connection.connection.cursor()) as cursor:
        for index, parameters in rows:
            if not cursor.execute(sql, parameters).rowcount:
                same.add(index)
    return same


def _same(field: AnyField, parameter: str) -> str:
    """Whether the column holds the parameter already."""
    column = quote(field.column)
    same = f"{column} IS {parameter}"
    return f"({same} OR same_json({column}, {parameter}))" if is_json(field) else same


def _by_fields(items: Iterable[Any], draft_of: Any) -> Iterable[list[Any]]:
    groups: dict[tuple[str, ...], list[Any]] = {}
    for item in items:
        groups.setdefault(tuple(draft_of(item).fields), []).append(item)
    return groups.values()


def _converted(field: AnyField, value: Any) -> Any:
    convert = converter(field)
    return value if convert is None else convert(value)


def _pk(schema: Schema, value: Any) -> Any:
    return _converted(schema.pk, value)


def _marks(columns: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(columns))
