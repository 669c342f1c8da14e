"""Writes records on SQLite: a query finds them, prepared statements update and create them.

The transaction is an immediate one, so nobody else writes between the two.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import Error

from imports_app.database import connection
from imports_app.engine.planning import Drafts
from imports_app.engine.types import Schema, compact
from imports_app.engine.writers.base import Meanwhile, Written, nothing
from imports_app.engine.writers.clock import database_now
from imports_app.engine.writers.layout import layout_of
from imports_app.engine.writers.restorable import states_of
from imports_app.engine.writers.sqlite_lookup import reads_back
from imports_app.engine.writers.sqlite_restore import RestoringEach
from imports_app.engine.writers.sqlite_shape import SqliteShape
from imports_app.engine.writers.values import each_converted, same_json
from imports_app.storage.groups import Group

TRIGGERS = "SELECT EXISTS (SELECT * FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s)"


class SqliteWriter:
    """Three statements for each set of fields that rows give."""

    def __init__(self, schema: Schema, mode: str, _: Meanwhile = nothing) -> None:
        self.schema = schema
        self.mode = mode
        self._layout = layout_of(schema, mode)  # of what no row gives

    def begin(self) -> None:
        """See Writer."""
        connection.ensure_connection()
        connection.connection.create_function("same_json", 2, same_json, deterministic=True)

    def lay_out(self, drafts: Drafts) -> None:
        """See Writer."""

    def keeps(self, drafts: Drafts) -> bool:
        """See Writer. What triggers and the database's own defaults make of a record it can't."""
        layout = layout_of(self.schema, self.mode, frozenset(drafts.shapes), drafts.match)
        fields = (*layout.given, *layout.generated, *layout.constant)
        return layout.is_full and all(map(reads_back, fields)) and not self._has_triggers()

    def _has_triggers(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(TRIGGERS, [self.schema.model._meta.db_table])
            (has_triggers,) = cursor.fetchone()
        return bool(has_triggers)

    def refused(self, _: Drafts) -> Mapping[int, Error]:
        """See Writer: it can't."""
        return {}

    def restore(self, group: Group) -> Sequence[int]:
        """See Writer; what triggers make of a record it can't tell."""
        states = states_of(self.schema, group)
        if states is None or self._has_triggers():
            return ()
        return RestoringEach(self.schema, group, *states).places(database_now())

    def write(self, drafts: Drafts, *, keep: bool = False) -> Written:
        """See Writer."""
        by_shape = _by_shape(drafts)
        now = database_now()
        stamps = each_converted(self._layout.stamps(now))
        groups = [SqliteShape(self.schema, self.mode, drafts, each) for each in by_shape]
        found: dict[int, Any] = {}
        same: list[int] = []
        for group in groups:
            found |= group.find()
            same += group.update(stamps)
        index = drafts.indexes
        absent = [place for place in range(len(index)) if place not in found]
        new = self._new_ids([place for place in absent if place not in drafts.missing], now)
        incomplete = [drafts[place] for place in absent if place not in new]
        for group in groups:
            group.create(new, now)
        ids = {index[place]: pk for place, pk in found.items()}
        ids |= {index[place]: compact(pk) for place, pk in new.items()}
        written = Written(len(new), len(found) - len(same), ids)
        written.new = {index[place] for place in new}
        written.same = {index[place] for place in same}
        written.incomplete = incomplete
        if keep:
            written.changes = [each for group in groups for each in group.told(ids, now)]
        return written

    def _new_ids(self, places: Sequence[int], now: datetime) -> dict[int, Any]:
        """Return an id for each of the places, never used before: the database's own are behind
        AUTOINCREMENT's mark, which inserting them moves.
        """
        if not self._layout.numbered:
            return dict(zip(places, self._layout.new_ids(len(places), now), strict=True))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s",
                [self.schema.model._meta.db_table],
            )
            (last,) = cursor.fetchone()
        return {place: pk for pk, place in enumerate(places, last + 1)}


def _by_shape(drafts: Drafts) -> Iterable[Sequence[int]]:
    """Return the places of the drafts of each shape."""
    shapes = drafts.shapes
    if len({*shapes}) == 1:
        return [range(len(shapes))]
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, shape in enumerate(shapes):
        places[shape].append(place)
    return places.values()
