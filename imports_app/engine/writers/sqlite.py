"""Writes records on SQLite: one query finds them, `executemany` updates and creates them.

The transaction is an immediate one, so nobody else writes between the two.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from imports_app.engine.plan import Draft
from imports_app.engine.schema import Schema
from imports_app.engine.writers.base import Written
from imports_app.engine.writers.layout import AnyField, Layout, layout_of, moment
from imports_app.engine.writers.matching import match
from imports_app.engine.writers.values import converter, is_json, quote, same_json


class SqliteWriter:
    """A query, and one `executemany` for each set of fields that rows give."""

    def __init__(self, schema: Schema, mode: str) -> None:
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
            written.updated += self._update(group, now)
        written.unchanged = len(existing) - written.updated
        for group in _by_fields(new, lambda made: made):
            written.records.update(self._create(group, now))
        written.created = len(new)
        return written

    def _update(self, group: Sequence[tuple[Any, Draft]], now: datetime) -> int:
        """How many of the records changed."""
        layout = layout_of(self.schema, self.mode, [made for _, made in group])
        if not layout.given:
            return 0
        columns = [quote(field.column) for field in layout.given]
        touched = [quote(field.column) for field in layout.touched]
        sql = (
            f"UPDATE {self.table} SET {', '.join(f'{c} = %s' for c in columns + touched)}"
            f" WHERE {self.pk} = %s AND NOT ({' AND '.join(map(_same, layout.given))})"
        )
        stamps = [_converted(field, moment(field, now)) for field in layout.touched]
        take = _taker(layout.given)
        rows = (
            (*(v := take(made.fields)), *stamps, _pk(self.schema, pk), *v) for pk, made in group
        )
        with connection.cursor() as cursor:
            cursor.executemany(sql, list(rows))
            return int(cursor.rowcount)

    def _create(self, group: Sequence[Draft], now: datetime) -> dict[int, Any]:
        """The new records' ids by row index."""
        layout = layout_of(self.schema, self.mode, group)
        fields = (*layout.given, *layout.generated, *layout.constant)
        constants = [_converted(f, layout.constant_value(f, now)) for f in layout.constant]
        columns = [self.pk, *(quote(field.column) for field in fields)]
        sql = f"INSERT INTO {self.table} ({', '.join(columns)}) VALUES ({_marks(columns)})"
        ids = self._new_ids(layout, len(group))
        take = _taker(layout.given)
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

    def _new_ids(self, layout: Layout, count: int) -> Sequence[Any]:
        """Ids never used before: behind AUTOINCREMENT's own mark, which inserting them moves."""
        if not layout.numbered:
            return [self.schema.pk.get_default() for _ in range(count)]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s",
                [self.schema.model._meta.db_table],
            )
            (last,) = cursor.fetchone()
        return range(last + 1, last + 1 + count)


def _same(field: AnyField) -> str:
    """Whether the column holds the parameter already."""
    column = quote(field.column)
    return f"same_json({column}, %s)" if is_json(field) else f"{column} IS %s"


def _by_fields(items: Iterable[Any], draft_of: Any) -> Iterable[list[Any]]:
    groups: dict[tuple[str, ...], list[Any]] = {}
    for item in items:
        groups.setdefault(tuple(draft_of(item).fields), []).append(item)
    return groups.values()


def _taker(fields: Sequence[AnyField]) -> Any:
    """Takes a draft's column values."""
    steps = [(field.attname, converter(field)) for field in fields]
    return lambda values: [
        values[name] if convert is None else convert(values[name]) for name, convert in steps
    ]


def _converted(field: AnyField, value: Any) -> Any:
    convert = converter(field)
    return value if convert is None else convert(value)


def _pk(schema: Schema, value: Any) -> Any:
    return _converted(schema.pk, value)


def _marks(columns: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(columns))
