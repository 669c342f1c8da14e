"""The row in the database is the queue: the broker may be away, and forget."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from tests.acceptance.api import FINAL
from tests.acceptance.conftest import own_database, running
from tests.acceptance.processes import eventually
from tests.acceptance.rows import codes, sku_rows
from tests.acceptance.stack import Stack
from tests.servers import RedisServer

SILENCE_SECONDS = 30.0  # after which a worker that is not seen is taken for deaf


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, broker: RedisServer) -> Iterator[Stack]:
    """PostgreSQL, and that Redis."""
    with own_database(broker.url) as environment:
        two_workers = {**environment, "IMPORTS_WORKERS": "2"}
        folder = tmp_path_factory.mktemp("broker")
        yield from running(Stack(folder, two_workers, is_migrated=True))


@pytest.fixture
def broker_stack(shared: Stack) -> Stack:
    """The same, with a worker that knows of no broker that went away."""
    if not shared.worker.ended():
        shared.worker.kill()
    shared.worker.start()
    shared.await_ready()
    return shared


def test_an_import_created_while_the_broker_is_away_completes_once_it_is_back(
    broker_stack: Stack, broker: RedisServer
) -> None:
    client, rows = broker_stack.client(), sku_rows(10)

    broker.stop()
    created = client.create_import("skus", rows)
    away = client.get("/readyz")

    assert created["attributes"]["status"] == "pending"
    assert away.status == 503
    assert away.document["components"]["broker"] == "not reachable"
    assert client.records("skus", "code", codes(rows)) == []

    broker.start()

    assert finished(broker_stack, created)["created_count"] == 10
    eventually(broker_stack.api.is_ready, "the stack is ready again")


def test_imports_that_run_when_the_broker_goes_away_complete(
    broker_stack: Stack, broker: RedisServer
) -> None:
    with every_process_held_up(broker_stack):
        created = broker_stack.client().create_import("skus", sku_rows(10))
        broker.stop()
    broker.start()

    assert finished(broker_stack, created)["created_count"] == 10


def finished(stack: Stack, created: Any) -> Any:
    """The attributes of the import once it is final; a worker that gives up is started again.

    Whatever keeps services alive does so, as `make run` does: what Celery makes of a broker that
    goes in the middle of its own reconnecting is, now and then, an end, or a worker that takes no
    message any more.
    """
    started = time.monotonic()

    def look() -> Any:
        nonlocal started
        is_silent = time.monotonic() - started > SILENCE_SECONDS and _is_missed(stack)
        if is_silent:
            stack.worker.kill()
        if stack.worker.ended():
            stack.worker.start()
            started = time.monotonic()
        found = stack.client().get(f"/api/imports/{created['id']}").document["data"]["attributes"]
        return found if found["status"] in FINAL else None

    return eventually(look, "the import is final")


def _is_missed(stack: Stack) -> bool:
    components = stack.api.get("/readyz").document["components"]
    return str(components["worker"]).startswith("last seen")


@contextmanager
def every_process_held_up(stack: Stack) -> Iterator[None]:
    """Each process of the worker waits for a lock, with a message that it can't acknowledge."""
    processes = int(stack.environment["IMPORTS_WORKERS"])
    waiting = (
        "SELECT count(DISTINCT pid) FROM pg_locks "
        "WHERE NOT granted AND relation = 'imports_app_heartbeat'::regclass"
    )
    with psycopg.connect(stack.environment["DATABASE_URL"]) as connection:
        connection.execute("LOCK TABLE imports_app_heartbeat")
        eventually(
            lambda: connection.execute(waiting).fetchone() == (processes,),
            "all processes of the worker wait",
        )
        yield
