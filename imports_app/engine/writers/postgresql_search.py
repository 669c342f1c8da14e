"""Finds the staged rows that PostgreSQL refuses, all in one round trip."""

from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex
from types import SimpleNamespace
from typing import Any

import msgspec
from django.db import DataError

from imports_app.database import connection
from imports_app.engine.writers.postgresql_statement import ALL, Statement
from imports_app.outages.database_errors import VALUE_CLASSES

# It goes through the rows in their order. Some are written at once: more of them after each
# success, and a fraction after each refusal, until the refused row is alone.
SEARCH = """
SET LOCAL plan_cache_mode = force_generic_plan;
DO {tag}
#variable_conflict use_column
DECLARE
    search_rows tid[] := (
        SELECT array_agg(s.ctid ORDER BY s.stage_n) FROM {stage} s WHERE {all}
    );
    search_some tid[];
    search_next integer := 1;
    search_size integer := cardinality(search_rows);
    search_count bigint;
    search_found text[] := '{{}}';
    search_state text;
    search_constraint text;
    search_column text;
    search_message text;
BEGIN
    WHILE search_next <= cardinality(search_rows) LOOP
        search_some := search_rows[search_next:search_next + search_size - 1];
        BEGIN
            {write} SELECT count(*) FROM planned INTO search_count;
            search_next := search_next + search_size;
            search_size := search_size * 2;
        EXCEPTION WHEN {refusals} THEN
            IF cardinality(search_some) > 1 THEN
                search_size := greatest(cardinality(search_some) / 8, 1);
                CONTINUE;
            END IF;
            GET STACKED DIAGNOSTICS
                search_state = RETURNED_SQLSTATE,
                search_constraint = CONSTRAINT_NAME,
                search_column = COLUMN_NAME,
                search_message = MESSAGE_TEXT;
            search_found := array_append(search_found, json_build_array(search_next - 1,
                search_state, search_constraint, search_column, search_message)::text);
            search_next := search_next + 1;
        END;
    END LOOP;
    PERFORM set_config('imports.refused', '[' || array_to_string(search_found, ',') || ']', true);
END {tag};
SELECT current_setting('imports.refused')
"""
SOME = "s.ctid = ANY (search_some)"
# The name of a class stands for all errors in it.
REFUSALS = " OR ".join(f"SQLSTATE '{each}000'" for each in sorted(VALUE_CLASSES))

Finding = tuple[int, str, str, str, str]


class Diagnosed(Exception):
    """What the server says of a row, in the form of the driver's own exceptions."""

    def __init__(self, state: str, constraint: str, column: str, message: str) -> None:
        super().__init__(message)
        self.sqlstate = state
        self.diag = SimpleNamespace(
            sqlstate=state,
            constraint_name=constraint or None,
            column_name=column or None,
            message_primary=message,
        )


def search(statement: Statement, now: datetime) -> Mapping[int, DataError]:
    """Write the staged rows in turn, and return the errors of those that are refused, by place.

    The caller rolls back.
    """
    text = SEARCH.format(
        tag=f"$search_{token_hex()}$",
        stage=statement.stage.table,
        all=ALL,
        write=statement.writing(SOME),
        refusals=REFUSALS,
    )
    operations: Any = connection.ops
    with connection.cursor() as cursor:
        cursor.execute(operations.compose_sql(text, statement.parameters(now)))
        while cursor.nextset():
            pass
        (found,) = cursor.fetchone()
    findings = msgspec.json.decode(found, type=list[Finding])
    return {place: _error(*details) for place, *details in findings}


def _error(state: str, constraint: str, column: str, message: str) -> DataError:
    error = DataError(message)
    error.__cause__ = Diagnosed(state, constraint, column, message)
    return error
