"""The floor: what the driver alone takes to write the valid rows, decoded beforehand."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from django.db import connection
from django.utils import timezone

from config.database import SQLITE_PRAGMAS
from imports_app.commerce.models import Sku
from imports_app.models.ids import new_ids
from tests.benchmarks.rows import ATTRIBUTES, Record, Row, parts, valid, values

COMMIT_ROWS = 5_000
TABLE = "commerce_sku"
COLUMNS = ", ".join(ATTRIBUTES)
UPDATES = ", ".join(f"{name} = excluded.{name}" for name in ATTRIBUTES if name != "code")
CONFLICT = f"ON CONFLICT (code, mode) DO UPDATE SET {UPDATES}, updated_at = excluded.updated_at"

STAGE = f"""
    CREATE TEMPORARY TABLE stage ON COMMIT DELETE ROWS
    AS SELECT id, {COLUMNS} FROM {TABLE} WITH NO DATA
"""
MERGE = f"""
    INSERT INTO {TABLE} (id, {COLUMNS}, mode, created_at, updated_at)
    SELECT id, {COLUMNS}, 'test', now(), now() FROM stage ORDER BY code {CONFLICT}
"""
UPSERT = f"""
    INSERT INTO {TABLE} (id, {COLUMNS}, mode, created_at, updated_at)
    VALUES (?, {", ".join("?" * len(ATTRIBUTES))}, 'test', ?, ?) {CONFLICT}
"""


class Floor:
    """COPY into a temporary table and one upsert on PostgreSQL, executemany on SQLite.

    Nothing is validated, so it is given the valid rows only, as tuples that begin with an id made
    beforehand. A commit per 5,000 rows.
    """

    def __init__(self) -> None:
        self._records: list[Record] = []

    def prepare(self, rows: Iterable[Row]) -> None:
        records = [values(row) for row in valid(rows)]
        ids = new_ids(Sku._meta.pk, len(records), timezone.now())
        stored = [str(pk) if connection.vendor == "postgresql" else pk.hex for pk in ids]
        self._records = [(pk, *record) for pk, record in zip(stored, records, strict=True)]

    def run(self) -> None:
        if connection.vendor == "postgresql":
            _copy_and_merge(self._records)
        else:
            _executemany(self._records)

    def check(self, rows: Sequence[Row]) -> None:
        """It counts nothing."""


def postgresql() -> "psycopg.Connection[Any]":
    """A connection that Django has no part in."""
    found: psycopg.Connection[Any] = psycopg.connect(**_parameters())
    return found


def sqlite() -> sqlite3.Connection:
    """A connection that Django has no part in, as durable as Django's."""
    found = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    for pragma in SQLITE_PRAGMAS:
        found.execute(pragma)
    return found


def driver() -> Any:
    """That of the database at hand."""
    return postgresql() if connection.vendor == "postgresql" else sqlite()


def _parameters() -> dict[str, Any]:
    names = ("host", "port", "user", "password", "dbname")
    given = connection.get_connection_params()
    return {name: given[name] for name in names if given.get(name)}


def _copy_and_merge(records: Sequence[Record]) -> None:
    with postgresql() as driver:
        driver.execute(STAGE)
        driver.commit()
        for part in parts(records, COMMIT_ROWS):
            with driver.cursor() as cursor:
                with cursor.copy(f"COPY stage (id, {COLUMNS}) FROM STDIN") as copy:
                    for record in part:
                        copy.write_row(record)
                cursor.execute(MERGE)
            driver.commit()


def _executemany(records: Sequence[Record]) -> None:
    driver = sqlite()
    for part in parts(records, COMMIT_ROWS):
        now = timezone.now().isoformat(" ")
        driver.execute("BEGIN IMMEDIATE")
        driver.executemany(UPSERT, [(*record, now, now) for record in part])
        driver.execute("COMMIT")
    driver.close()
