"""Writes records on PostgreSQL: COPY into a temporary table, then one statement that plans,
updates and creates.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from imports_app.engine.planning import Drafts
from imports_app.engine.types import Schema, compact, compact_ids
from imports_app.engine.writers.base import Meanwhile, Written, nothing
from imports_app.engine.writers.clock import database_now
from imports_app.engine.writers.layout import layout_of
from imports_app.engine.writers.stage import Stage
from imports_app.engine.writers.statement import Statement

# Foreign keys of Django's are deferred: they would fire at COMMIT, outside of every savepoint.
# A hash or merge join would read all of a table to find the few records of a batch.
BEGIN = """
    SET CONSTRAINTS ALL IMMEDIATE;
    SET LOCAL enable_hashjoin = off;
    SET LOCAL enable_mergejoin = off;
    SET LOCAL jit = off;
"""


class PostgresWriter:
    """One COPY and one statement a call, whatever the number of drafts."""

    def __init__(self, schema: Schema, mode: str, meanwhile: Meanwhile = nothing) -> None:
        self.schema = schema
        self.mode = mode
        self.meanwhile = meanwhile

    def begin(self) -> None:
        """See Writer."""
        with connection.cursor() as cursor:
            cursor.execute(BEGIN)

    def lay_out(self, drafts: Drafts) -> None:
        """See Writer."""
        layout = layout_of(self.schema, self.mode, {*drafts.shapes})
        drafts.laid_out = Stage(layout, drafts, database_now())

    def write(self, drafts: Drafts) -> Written:
        """See Writer."""
        if drafts.laid_out is None:
            self.lay_out(drafts)
        stage: Stage = drafts.laid_out
        statement = Statement(stage)
        with connection.cursor() as cursor:
            cursor.execute(stage.definition)
            with cursor.copy(stage.copy) as copy:
                copy.write(stage.text)
            # In a pipeline the statement is sent and nobody waits for what it returns.
            with connection.connection.pipeline():
                cursor.execute(statement.sql, statement.parameters(database_now()))
                self.meanwhile()
                answer = cursor.fetchone()
        return _written(drafts, *answer)


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
