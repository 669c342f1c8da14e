"""The service behind a pooler in transaction mode, without any setting."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import servers
from tests.acceptance.pooler import CONNECTIONS, PgBouncer, program
from tests.acceptance.rows import codes, invalid, sku_rows
from tests.acceptance.stack import Stack
from tests.servers import IN_CI, temporary_folder
from tests.torture.servers import PostgreSQL

pytestmark = pytest.mark.skipif(
    program() is None and not IN_CI,
    reason="NO PGBOUNCER: that poolers work was NOT tested; install Debian's package `pgbouncer`",
)


@pytest.fixture
def pooler() -> Iterator[tuple[PgBouncer, dict[str, str]]]:
    """Before a server of its own: it has to be reached by TCP, from another user's process."""
    folder = temporary_folder()
    folder.chmod(0o755)
    server = PostgreSQL(folder)
    bouncer = PgBouncer(folder, server.url("tortured"))
    try:
        server.create()
        bouncer.start()
        yield (
            bouncer,
            {
                "DATABASE_URL": bouncer.url,
                "CELERY_BROKER_URL": servers.redis_url(),
                "CELERY_TASK_DEFAULT_QUEUE": f"pooler-{uuid.uuid4().hex[:8]}",
            },
        )
    finally:
        bouncer.stop()
        server.stop()


def test_a_pooler_in_transaction_mode_needs_no_setting(
    pooler: tuple[PgBouncer, dict[str, str]], tmp_path: Path
) -> None:
    bouncer, environment = pooler
    # Two imports at a time, with web, beat and their heartbeats besides.
    two_workers = {"IMPORTS_WORKERS": "2", "IMPORTS_CHUNK_ROWS": "100"}
    stack = Stack(tmp_path, {**environment, **two_workers}, is_migrated=True)
    try:
        stack.start()
        client, other = stack.client(), stack.client("live")
        rows = sku_rows(1_000)
        started = [
            client.create_import("skus", rows),
            other.create_import("skus", [invalid(rows[0]), *rows[1:]], skip_errors=True),
            client.create_import("customers", [{"email": f"{c}@a.example"} for c in codes(rows)]),
            client.create_import("skus", [{**row, "name": "again"} for row in rows]),
            other.create_import("skus", rows[:500], cleanup_records=False, dry_run=True),
        ]
        ended = [
            (other if n in (1, 4) else client).finished(import_["id"])
            for n, import_ in enumerate(started)
        ]
        failures = other.get(f"/api/imports/{ended[1]['id']}/failures?page[size]=1")
    finally:
        stack.stop()

    counts = [
        (done["attributes"]["status"], done["attributes"]["processed_count"]) for done in ended
    ]
    assert counts == [
        *[("completed", 1_000), ("completed", 999), ("completed", 1_000), ("completed", 1_000)],
        ("completed", 500),
    ], {**stack.logs(), "pooler": bouncer.log()}
    assert failures.document["data"]
    assert left_behind(bouncer) == {("0", "0")}


def left_behind(bouncer: PgBouncer) -> set[tuple[str, str]]:
    """What the service's parameters are now on each of the pooler's connections."""
    opened = [psycopg.connect(bouncer.url, prepare_threshold=None) for _ in range(CONNECTIONS)]
    found = set()
    for connection in opened:  # in a transaction each, so that no two share one of the server's
        row = connection.execute(
            "SELECT current_setting('idle_in_transaction_session_timeout'),"
            " current_setting('statement_timeout')"
        ).fetchone()
        assert row is not None
        found.add((row[0], row[1]))
    for connection in opened:
        connection.close()
    return found
