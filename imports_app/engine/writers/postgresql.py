"""Writes records on PostgreSQL: COPY into a temporary table, then one statement that plans,
updates and creates.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from imports_app.engine.plan import Draft
from imports_app.engine.schema import Schema
from imports_app.engine.writers.base import Written
from imports_app.engine.writers.layout import layout_of
from imports_app.engine.writers.stage import Stage
from imports_app.engine.writers.statement import INCOMPLETE, Statement

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

    def __init__(self, schema: Schema, mode: str) -> None:
        self.schema = schema
        self.mode = mode
        self._calls = 0

    def begin(self) -> None:
        """See Writer."""
        with connection.cursor() as cursor:
            cursor.execute(BEGIN)

    def write(self, drafts: Sequence[Draft]) -> Written:
        """See Writer."""
        self._calls += 1
        layout = layout_of(self.schema, self.mode, drafts)
        stage = Stage(layout, drafts, call=self._calls)
        statement = Statement(stage, drafts[0].match)
        with connection.cursor() as cursor:
            cursor.execute(stage.definition)
            with cursor.copy(stage.copy) as copy:
                for row in stage.rows():
                    copy.write_row(row)
            cursor.execute(statement.sql, statement.parameters(timezone.now()))
            return _written(drafts, cursor.fetchall())


def _written(drafts: Sequence[Draft], outcomes: Sequence[tuple[int, Any, int]]) -> Written:
    written = Written()
    tally = [0, 0, 0, 0]
    for place, pk, outcome in outcomes:
        tally[outcome] += 1
        if outcome == INCOMPLETE:
            written.incomplete.append(drafts[place])
        else:
            written.records[drafts[place].row.index] = pk
    written.unchanged, written.updated, written.created, _ = tally
    return written
