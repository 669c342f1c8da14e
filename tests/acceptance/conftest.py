"""Real processes, on the embedded default and on PostgreSQL with Redis."""

import uuid
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests import migrated, servers
from tests.acceptance.api import Api
from tests.acceptance.stack import Stack

LOG_CHARACTERS = 8_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.acceptance)


@pytest.fixture(scope="session")
def embedded_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """SQLite and the embedded broker."""
    yield from running(Stack(tmp_path_factory.mktemp("embedded"), {}))


@pytest.fixture(scope="session")
def servers_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """PostgreSQL and Redis, in a database and a queue of its own."""
    with own_database(servers.redis_url()) as environment:
        folder = tmp_path_factory.mktemp("servers")
        yield from running(Stack(folder, environment, is_migrated=True))


@pytest.fixture(scope="module")
def broker() -> Iterator[servers.RedisServer]:
    """A Redis that a test may stop, and has to start again."""
    server = servers.RedisServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["embedded_stack", "servers_stack"])
def stack(request: pytest.FixtureRequest) -> Stack:
    """Both, one after the other; shared by the tests, so each uses records of its own."""
    running: Stack = request.getfixturevalue(request.param)
    running.await_ready()
    return running


@pytest.fixture
def client(stack: Stack) -> Api:
    """A test client's view of the stack."""
    return stack.client()


@contextmanager
def own_database(broker_url: str) -> Iterator[Mapping[str, str]]:
    """The environment of a new database of PostgreSQL, migrated, and a queue of the same name."""
    name = f"imports_acceptance_{uuid.uuid4().hex[:8]}"
    server = servers.postgresql_url()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {migrated.postgresql()}")
        # The machine itself doesn't go down: no disk has to be waited for.
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        try:
            yield {
                "DATABASE_URL": urlsplit(server)._replace(path=f"/{name}").geturl(),
                "CELERY_BROKER_URL": broker_url,
                "CELERY_TASK_DEFAULT_QUEUE": name,
            }
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def running(stack: Stack) -> Iterator[Stack]:
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the processes of a failed test had to say."""
    report = yield
    if report.failed:
        for value in getattr(item, "funcargs", {}).values():
            if hasattr(value, "logs"):
                report.sections += [
                    (f"log of {name}", text[-LOG_CHARACTERS:])
                    for name, text in value.logs().items()
                ]
    return report
