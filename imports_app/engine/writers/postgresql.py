"""Writes records on PostgreSQL: COPY into a temporary table, then one statement that plans,
updates and creates.
"""

from collections.abc import Sequence
from itertools import count
from typing import Any

from django.db import connection

from imports_app.engine.planning import Draft
from imports_app.engine.types import Schema
from imports_app.engine.writers.base import Meanwhile, Written, nothing
from imports_app.engine.writers.clock import database_now
from imports_app.engine.writers.layout import layout_of
from imports_app.engine.writers.stage import Stage
from imports_app.engine.writers.statement import CREATED, INCOMPLETE, UNCHANGED, UPDATED, Statement

# Foreign keys of Django's are deferred: they would fire at COMMIT, outside of every savepoint.
# A hash or merge join would read all of a table to find the few records of a batch.
BEGIN = """
    SET CONSTRAINTS ALL IMMEDIATE;
    SET LOCAL enable_hashjoin = off;
    SET LOCAL enable_mergejoin = off;
    SET LOCAL jit = off;
"""


# Within one transaction no two calls share a number, whoever makes them: the rows of all stay.
CALLS = count(1)


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

    def write(self, drafts: Sequence[Draft]) -> Written:
        """See Writer."""
        layout = layout_of(self.schema, self.mode, drafts)
        now = database_now()
        stage = Stage(layout, drafts, call=next(CALLS), now=now)
        statement = Statement(stage, drafts[0].match)
        with connection.cursor() as cursor:
            cursor.execute(stage.definition)
            with cursor.copy(stage.copy) as copy:
                for row in stage.rows():
                    copy.write_row(row)
            # In a pipeline the statement is sent and nobody waits for what it returns.
            with connection.connection.pipeline():
                cursor.execute(statement.sql, statement.parameters(now))
                self.meanwhile()
                outcomes = cursor.fetchall()
            return _written(drafts, outcomes)


def _written(drafts: Sequence[Draft], outcomes: Sequence[tuple[int, Any, int]]) -> Written:
    written = Written()
    tally = [0, 0, 0, 0]
    for place, pk, outcome in outcomes:
        tally[outcome] += 1
        if outcome == INCOMPLETE:
            written.incomplete.append(drafts[place])
            continue
        index = drafts[place].row.index
        written.records[index] = pk
        if outcome == UNCHANGED:
            written.same.add(index)
        elif outcome == CREATED:
            written.new.add(index)
    written.updated, written.created = tally[UPDATED], tally[CREATED]
    return written
