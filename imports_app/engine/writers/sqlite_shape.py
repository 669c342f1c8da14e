"""Drafts that give the same fields, as SQLite takes them: rows of values for one statement."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import UUIDField

from imports_app.database import connection, quote
from imports_app.engine.planning import Drafts, Match
from imports_app.engine.types import Schema, compact
from imports_app.engine.writers.layout import AnyField, layout_of
from imports_app.engine.writers.matching import find
from imports_app.engine.writers.postgresql_changes import grouped
from imports_app.engine.writers.sqlite_lookup import SqliteLookup, as_held
from imports_app.engine.writers.values import (
    AS_THEY_ARE,
    Values,
    converted,
    each_converted,
    holds_already,
    in_column,
    same_json,
    values_of,
)
from imports_app.storage.groups import Action, Group
from imports_app.storage.states import States


class SqliteShape:
    """Some drafts of one shape, whose records are found, updated and created together.

    Attributes:
        places: where they stand among the drafts that are written at once.
    """

    def __init__(self, schema: Schema, mode: str, drafts: Drafts, places: Sequence[int]) -> None:
        self.places = places
        self._schema = schema
        self._mode = mode
        self._drafts = drafts
        self._layout = layout_of(schema, mode, frozenset([drafts.shapes[places[0]]]), drafts.match)
        self._changes = self._layout.changes
        self._key = schema.key_fields if drafts.match is Match.KEY else ()
        self._held: Mapping[int, Values] = {}
        self._changed: Collection[int] = ()
        self._made: Mapping[int, Values] = {}

    @cached_property
    def _rows(self) -> Sequence[Values]:
        """What the drafts hold, as the driver takes it: the fields that may change, then the
        key.
        """
        given = [self._drafts.fields[place] for place in self.places]
        columns = [values_of(field, given) for field in (*self._changes, *self._key)]
        return [*zip(*columns, strict=True)] or [()] * len(given)

    def find(self) -> dict[int, Any]:
        """Return the ids, compact, of the records that are there, by place."""
        as_id = _compact_of(type(self._schema.pk))
        if as_id is None or not self._key:
            return self._find_by_id()
        keys = [row[len(self._changes) :] for row in self._rows]
        self._held = SqliteLookup(self._schema, self._mode, self._key).of(keys, self._changes)
        return {self.places[n]: as_id(pk) for n, (pk, *_) in self._held.items()}

    def _find_by_id(self) -> dict[int, Any]:
        if self._drafts.match is Match.NONE:
            return {}
        pks = find(self._schema, self._mode, [self._drafts[place] for place in self.places])
        ids = [(converted(self._schema.pk, pk),) for pk in pks]
        self._held = SqliteLookup(self._schema, self._mode, [self._schema.pk]).of(
            ids, self._changes
        )
        return {self.places[n]: compact(pks[n]) for n in self._held}

    def update(self, stamps: Sequence[Any]) -> list[int]:
        """Update the records that were found; return the places of those that stay as they are.
        `stamps` are what the fields that say when a record was last written hold then.

        Comparing all of them here is quicker than having SQLite do it. Where they seem to differ,
        it has the last word.
        """
        width = len(self._changes)
        json_from = self._layout.json_from
        parameters = {
            n: (*new, *stamps, held[0])
            for n, held in self._held.items()
            if (new := self._rows[n][:width]) != held[1:] and not _same(held[1:], new, json_from)
        }
        self._changed = effective(self._update_sql(), parameters) if parameters else ()
        return [self.places[n] for n in self._held if n not in self._changed]

    def _update_sql(self) -> str:
        columns = [quote(field.column) for field in (*self._changes, *self._layout.touched)]
        assignments = ", ".join(f"{column} = ?{n}" for n, column in enumerate(columns, 1))
        same = (holds_already(field, f"?{n}") for n, field in enumerate(self._changes, 1))
        return (
            f"UPDATE {quote(self._schema.model._meta.db_table)} SET {assignments}"
            f" WHERE {quote(self._schema.pk.column)} = ?{len(columns) + 1}"
            f" AND NOT ({' AND '.join(same)})"
        )

    def create(self, ids: Mapping[int, Any], now: datetime) -> None:
        """Create the records of the places that `ids` has, with these ids."""
        layout, pk = self._layout, self._schema.pk
        self._made = {
            n: (*self._rows[n], *self._generated())
            for n, place in enumerate(self.places)
            if place in ids
        }
        if not self._made:
            return
        constants = each_converted(layout.constants(now))
        pks = in_column(pk, [ids[self.places[n]] for n in self._made])
        made = zip(pks, self._made.values(), strict=True)
        rows = [(own, *row, *constants) for own, row in made]
        fields = (pk, *self._own, *layout.constant)
        columns = ", ".join(quote(field.column) for field in fields)
        marks = ", ".join(["%s"] * len(fields))
        table = quote(self._schema.model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)

    def told(self, ids: Mapping[int, Any], now: datetime) -> Iterator[Group]:
        """Yield what was created at `now`, and what was updated, of the records with these ids."""
        if self._made:
            group = self._group(Action.CREATED, self._made, ids)
            group.new = _states(self._own, self._made.values())
            group.new.constants = {
                f.attname: as_held(f, [converted(f, value)])[0]
                for f, value in self._layout.constants(now)
            }
            yield group
        if self._changed:
            group = self._group(Action.UPDATED, self._changed, ids)
            group.old = _states(self._changes, [self._held[n][1:] for n in self._changed])
            group.new = _states(self._changes, [self._rows[n] for n in self._changed])
            yield group

    def _group(self, action: Action, numbers: Iterable[int], ids: Mapping[int, Any]) -> Group:
        indexes = [self._drafts.indexes[self.places[n]] for n in numbers]
        return grouped(self._layout, action, indexes, ids)

    @property
    def _own(self) -> Sequence[AnyField]:
        """The fields that new records of its own value have."""
        return (*self._changes, *self._key, *self._layout.generated)

    def _generated(self) -> Iterator[Any]:
        """Yield a value for each field that gets one of its own in each record."""
        return (converted(field, field.get_default()) for field in self._layout.generated)


def _same(held: Values, new: Values, json_from: int) -> bool:
    """Return whether JSON, which comes last, is all that differs, and means the same; False if in
    doubt.
    """
    if held[:json_from] != new[:json_from]:
        return False
    try:
        return all(map(same_json, held[json_from:], new[json_from:]))
    except (ValueError, TypeError, RecursionError):  # nobody can read what is there
        return False


def _compact_of(kind: type[Any]) -> Callable[[Any], Any] | None:
    """Return what makes a compact id of a primary key of that kind as the driver has it; None where
    only the ORM can tell.
    """
    if kind is UUIDField:
        return bytes.fromhex
    return (lambda pk: pk) if kind in AS_THEY_ARE else None


def _states(fields: Sequence[AnyField], rows: Iterable[Values]) -> States:
    """Return these fields' values of the rows, which may have more behind them."""
    columns = zip(fields, zip(*rows, strict=True), strict=False)
    return States([f.attname for f in fields], [as_held(f, column) for f, column in columns])


def effective(sql: str, rows: Mapping[int, Values]) -> Collection[int]:
    """Execute the statement for each of the rows; return the places of those that it changed.

    It is what `executemany` does, which doesn't say which rows these are.
    """
    changed: dict[int, None] = {}
    with connection.wrap_database_errors, closing(connection.connection.cursor()) as cursor:
        for place, parameters in rows.items():
            if cursor.execute(sql, parameters).rowcount:
                changed[place] = None
    return changed
