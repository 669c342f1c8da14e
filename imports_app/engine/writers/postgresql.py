"""Writes records on PostgreSQL: COPY into a temporary table, then one statement that plans,
updates and creates.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import Error

from imports_app.database import connection
from imports_app.engine.planning import Drafts
from imports_app.engine.types import Schema, compact, compact_ids
from imports_app.engine.writers.base import Meanwhile, Written, nothing
from imports_app.engine.writers.clock import database_now
from imports_app.engine.writers.layout import layout_of
from imports_app.engine.writers.postgresql_changes import Told, changes_of, triggers_of
from imports_app.engine.writers.postgresql_restore import Restoring
from imports_app.engine.writers.postgresql_search import search
from imports_app.engine.writers.postgresql_statement import Statement
from imports_app.engine.writers.restorable import states_of
from imports_app.engine.writers.stage import Stage, definition_of
from imports_app.storage.groups import Group

# Foreign keys of Django's are deferred: they would fire at COMMIT, outside of every savepoint.
# A hash or merge join would read all of a table to find the few records of a batch.
BEGIN = """
    SET CONSTRAINTS ALL IMMEDIATE;
    SET LOCAL enable_hashjoin = off;
    SET LOCAL enable_mergejoin = off;
    SET LOCAL jit = off;
"""


ANSWERS = 6  # that the statement gives, whatever it is asked to tell


class PostgresWriter:
    """One COPY and one statement a call, whatever the number of drafts."""

    def __init__(self, schema: Schema, mode: str, meanwhile: Meanwhile = nothing) -> None:
        self.schema = schema
        self.mode = mode
        self.meanwhile = meanwhile
        self._is_ready = False
        self._has_triggers = False

    def begin(self) -> None:
        """See Writer."""
        self._make_ready(BEGIN)
        self._is_ready = True

    def lay_out(self, drafts: Drafts) -> None:
        """See Writer."""
        layout = layout_of(self.schema, self.mode, frozenset(drafts.shapes), drafts.match)
        drafts.laid_out = Stage(layout, drafts, database_now())

    def keeps(self, drafts: Drafts) -> bool:
        """See Writer. What triggers and the database's own defaults make of a record it can't."""
        if drafts.laid_out is None:
            self.lay_out(drafts)
        if not self._is_ready:
            self._make_ready()
        return drafts.laid_out.layout.is_full and not self._has_triggers

    def write(self, drafts: Drafts, *, keep: bool = False) -> Written:
        """See Writer."""
        if drafts.laid_out is None:
            self.lay_out(drafts)
        stage: Stage = drafts.laid_out
        if not (self._is_ready or keep):  # with `keep` it was asked whether it can
            self._make_ready()
        statement, now = Statement(stage, tells=keep), database_now()
        with connection.cursor() as cursor:
            stage.fill(cursor)
            # In a pipeline the statement is sent and nobody waits for what it returns.
            with connection.connection.pipeline():
                cursor.execute(statement.sql, statement.parameters(now))
                self.meanwhile()
                answer = cursor.fetchone()
            *answers, left = answer[:ANSWERS]
            if left:
                cursor.execute(statement.left, statement.parameters(now))
        written = _written(drafts, *answers)
        if keep:
            told = Told(answer[ANSWERS], answer[ANSWERS + 1 :])
            written.changes = [*changes_of(drafts, statement, written, told, now)]
        return written

    def refused(self, drafts: Drafts) -> Mapping[int, Error]:
        """See Writer."""
        if drafts.laid_out is None:
            self.lay_out(drafts)
        if not self._is_ready:
            self._make_ready()
        with connection.cursor() as cursor:
            drafts.laid_out.fill(cursor)
        return search(Statement(drafts.laid_out), database_now())

    def restore(self, group: Group) -> Sequence[int]:
        """See Writer; what triggers make of a record it can't tell."""
        if not self._is_ready:
            self._make_ready()
        states = states_of(self.schema, group)
        if states is None or self._has_triggers:
            return ()
        return Restoring(self.schema, group, *states).places(database_now())

    def _make_ready(self, before: str = "") -> None:
        """Have a stage, and look for triggers, in one round trip; `begin` does it for writers whose
        transactions they are.
        """
        model = self.schema.model
        with connection.cursor() as cursor:
            cursor.execute(f"{before}{definition_of(model)}; {triggers_of(model)}")
            while cursor.nextset():
                pass
            (self._has_triggers,) = cursor.fetchone()


def _written(  # noqa: PLR0913, PLR0917  (what the statement answers)
    drafts: Drafts,
    new: Sequence[int] | None,
    updated: int,
    ids: Sequence[Any] | bytes,
    same: Sequence[int] | None,
    incomplete: Sequence[int] | None,
) -> Written:
    compacted = compact_ids(ids) if isinstance(ids, bytes) else map(compact, ids)
    indexes = drafts.indexes
    written = Written(len(new or ()), updated, dict(zip(indexes, compacted, strict=True)))
    written.new = {indexes[place] for place in new or ()}
    written.same = {indexes[place] for place in same or ()}
    for place in incomplete or ():
        written.incomplete.append(drafts[place])
        del written.ids[indexes[place]]
    return written
