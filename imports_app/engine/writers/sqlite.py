"""Writes records on SQLite: one query finds them, prepared statements update and create them.

The transaction is an immediate one, so nobody else writes between the two.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any

from django.db import connection

from imports_app.engine.planning import Draft, Drafts
from imports_app.engine.types import Schema, compact
from imports_app.engine.writers.base import Meanwhile, Written, nothing
from imports_app.engine.writers.clock import database_now
from imports_app.engine.writers.layout import Layout, layout_of
from imports_app.engine.writers.matching import match
from imports_app.engine.writers.values import (
    converted,
    converting,
    holds_already,
    quote,
    same_json,
    taker,
)


class SqliteWriter:
    """A query, and one prepared statement for each set of fields that rows give."""

    def __init__(self, schema: Schema, mode: str, _: Meanwhile = nothing) -> None:
        self.schema = schema
        self.mode = mode

    def begin(self) -> None:
        """See Writer."""
        connection.ensure_connection()
        connection.connection.create_function("same_json", 2, same_json, deterministic=True)

    def lay_out(self, drafts: Drafts) -> None:
        """See Writer."""

    def write(self, drafts: Drafts) -> Written:
        """See Writer."""
        written = Written()
        now = database_now()
        existing, new = match(self.schema, self.mode, drafts, written)
        updates = _by_fields(existing, lambda pair: pair[1])
        creations = _by_fields(new, lambda made: made)
        for group in updates:
            written.same |= self._update(group, now)
        written.updated = len(existing) - len(written.same)
        for group in creations:
            written.ids.update(self._create(group, now))
        written.created = len(new)
        written.new = {made.row.index for made in new}
        return written

    def _update(self, group: Sequence[tuple[Any, Draft]], now: datetime) -> set[int]:
        """Update the records; return the indexes of the rows that changed nothing."""
        layout = layout_of(self.schema, self.mode, [tuple(group[0][1].fields)])
        changes = layout.changes(group[0][1].match)
        if not changes:
            return {made.row.index for _, made in group}
        stamped = layout.stamps(now)
        columns = [quote(field.column) for field in (*changes, *layout.touched)]
        assignments = ", ".join(f"{column} = ?{n}" for n, column in enumerate(columns, 1))
        same = " AND ".join(holds_already(field, f"?{n}") for n, field in enumerate(changes, 1))
        sql = (
            f"UPDATE {quote(self.schema.model._meta.db_table)} SET {assignments}"
            f" WHERE {quote(self.schema.pk.column)} = ?{len(columns) + 1} AND NOT ({same})"
        )
        stamps = [converted(field, stamp) for field, stamp in stamped]
        take = converting(changes, taker(changes))
        rows = [
            (made.row.index, (*take(made.fields), *stamps, converted(self.schema.pk, pk)))
            for pk, made in group
        ]
        return _without_effect(sql, rows)

    def _create(self, group: Sequence[Draft], now: datetime) -> dict[int, Any]:
        """Create the records; return their ids by row index."""
        layout = layout_of(self.schema, self.mode, [tuple(group[0].fields)])
        fields = (*layout.given, *layout.generated, *layout.constant)
        constants = [converted(f, layout.constant_value(f, now)) for f in layout.constant]
        columns = [quote(field.column) for field in (self.schema.pk, *fields)]
        table = quote(self.schema.model._meta.db_table)
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({_marks(columns)})"
        ids = self._new_ids(layout, len(group), now)
        take = converting(layout.given, taker(layout.given))
        rows = [
            (
                converted(self.schema.pk, pk),
                *take(made.fields),
                *(converted(field, field.get_default()) for field in layout.generated),
                *constants,
            )
            for pk, made in zip(ids, group, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)
        return {made.row.index: compact(pk) for pk, made in zip(ids, group, strict=True)}

    def _new_ids(self, layout: Layout, count: int, now: datetime) -> Sequence[Any]:
        """Return ids never used before: behind AUTOINCREMENT's own mark, which inserting them
        moves.
        """
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
    """Execute the statement for each of the rows; return the indexes of those that changed nothing.

    It is what `executemany` does, which doesn't say which rows these are.
    """
    same = set()
    with connection.wrap_database_errors, closing(connection.connection.cursor()) as cursor:
        for index, parameters in rows:
            if not cursor.execute(sql, parameters).rowcount:
                same.add(index)
    return same


def _by_fields(items: Iterable[Any], draft_of: Any) -> Iterable[list[Any]]:
    groups: dict[tuple[str, ...], list[Any]] = {}
    for item in items:
        groups.setdefault(tuple(draft_of(item).fields), []).append(item)
    return groups.values()


def _marks(columns: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(columns))
