"""Scratch databases, and the broker that belongs to them."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests import migrated
from tests.benchmarks.bench import POSTGRESQL
from tests.servers import postgresql_url, redis_url, temporary_folder

# As the settings have them by default; the stack of the acceptance tests is in more of a hurry.
# No measure is about how many requests a client may send.
COMMON = {
    "IMPORTS_LEASE_SECONDS": "30",
    "IMPORTS_SWEEP_SECONDS": "10",
    "IMPORTS_SLICE_SECONDS": "10",
    "IMPORTS_RATE_LIMIT": "1000000",
    "IMPORTS_MAX_ACTIVE": "1000000",
    "IMPORTS_LOG_LEVEL": "WARNING",
    "IMPORTS_WORKERS": "1",
}


@contextmanager
def scratch(backend: str) -> Iterator[dict[str, str]]:
    """The environment of a service on a new migrated database, which is dropped in the end."""
    folder = temporary_folder()
    common = {**COMMON, "IMPORTS_DATA_DIR": str(folder)}
    if backend != POSTGRESQL:
        migrated.copy_sqlite(folder)
        yield common
        return
    name = f"bench_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(postgresql_url(), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {migrated.postgresql()}")
        try:
            yield {
                **common,
                "DATABASE_URL": _named(postgresql_url(), name),
                "CELERY_BROKER_URL": redis_url(),
                "CELERY_TASK_DEFAULT_QUEUE": name,
            }
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
            _forget(redis_url(), name)


def _named(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _forget(url: str, queue: str) -> None:
    """Drop the rings that nobody answered."""
    import redis

    with redis.Redis.from_url(url) as connection:
        connection.delete(queue, f"{queue}-sweeps")
