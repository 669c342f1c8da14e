"""Databases as the migrations leave them: made once, and copied from then on.

Migrations take several seconds of processor time, a copy a small part of one. What they made is
kept for the next run, under a name that says what went into it.
"""

import fcntl
import hashlib
import json
import shutil
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import django
import psycopg

from config.env import BASE_DIR
from tests import servers
from tests.acceptance.processes import clean_environment, run

Connection: TypeAlias = "psycopg.Connection[tuple[Any, ...]]"
Credentials: TypeAlias = Mapping[str, str]
Clients: TypeAlias = Mapping[tuple[str, str], Credentials]  # by mode and scopes

FILE = "db.sqlite3"  # what the service calls it in its data folder
KEPT = BASE_DIR / ".cache" / "migrated"
KEPT_SECONDS = 14 * 24 * 3_600  # since it was last used
SOURCES = (
    "requirements.txt",
    "config/**/*.py",
    "imports_app/**/migrations/*.py",
    "imports_app/**/models/**/*.py",
    "imports_app/**/apps.py",
    "imports_app/oauth/*.py",
)
SCOPES = "imports:read imports:write"
CLIENTS = (("test", SCOPES), ("test", f"{SCOPES} imports:cleanup"))
PREFIX = "imports_migrated_"
# The comment says when it was last used.
OLD = """
    SELECT datname FROM pg_database
    WHERE datname LIKE %s AND shobj_description(oid, 'pg_database')::float < %s
"""


def sqlite() -> Path:
    """The file to copy."""
    made = KEPT / f"{_fingerprint()}.sqlite3"
    with _alone("lock"):
        if not made.exists():
            _make_sqlite(made)
        made.touch()
    return made


def copy_sqlite(data_dir: Path) -> None:
    """Put the database into the data folder of a service, with API clients, unless it has one."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (data_dir / FILE).exists():
        shutil.copy(_with_clients(), data_dir / FILE)


def clients() -> Clients:
    """What the clients that come with `copy_sqlite` sign in with, by mode and scopes."""
    kept = json.loads(_with_clients().with_suffix(".json").read_text())
    return {(mode, scopes): credentials for mode, scopes, credentials in kept}


def _with_clients() -> Path:
    """A copy of `sqlite` to whose clients one need not come by processes, a second each."""
    made = KEPT / f"{_fingerprint()}-clients.sqlite3"
    with _alone("clients.lock"):
        if not made.exists():
            draft = servers.temporary_folder() / FILE
            shutil.copy(sqlite(), draft)
            kept = [(*client, _new_client(draft.parent, *client)) for client in CLIENTS]
            made.with_suffix(".json").write_text(json.dumps(kept))
            _keep(draft, made)
        made.touch()
    return made


def _new_client(data_dir: Path, mode: str, scopes: str) -> Credentials:
    options = ("--mode", mode, "--scopes", scopes, "--json")
    environment = {**clean_environment(), "IMPORTS_DATA_DIR": str(data_dir)}
    made = run("django", "create_client", "tests", *options, environment=environment)
    credentials: Credentials = json.loads(made)
    return credentials


def postgresql() -> str:
    """The name of the database to copy, to which nobody may be connected."""
    server = servers.postgresql_url()
    name = f"{PREFIX}{_fingerprint()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])  # until it is closed
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).rowcount:
            _make_postgresql(connection, server, name)
        connection.execute(f"COMMENT ON DATABASE {name} IS '{time.time():.0f}'")
    return name


def copy_cluster(data: Path, binaries: Path, make: Callable[[], None]) -> None:
    """Put a whole cluster of PostgreSQL into the folder, whose database `tortured` is migrated.

    `make` does so in that folder, and stops the server, if none is there to copy.
    """
    kept = KEPT / f"{_fingerprint()}-{zlib.crc32(bytes(binaries)):08x}.cluster"
    with _alone("cluster.lock"):
        if kept.exists():
            shutil.copytree(kept, data, dirs_exist_ok=True)
            return
        make()
        for old in KEPT.glob("*.cluster*/"):  # each is large
            shutil.rmtree(old)
        draft = kept.with_suffix(".cluster.new")
        shutil.copytree(data, draft)
        draft.rename(kept)


def migrate(environment: Mapping[str, str]) -> None:
    """Run all migrations in the database that the environment names."""
    run("django", "migrate", "--verbosity", "0", environment={**clean_environment(), **environment})


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """The first that needs something makes it, while others wait."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@cache
def _fingerprint() -> str:
    """Of whatever the tables, and what the migrations put into them, are made of."""
    digest = hashlib.sha256(django.get_version().encode())
    for path in sorted(path for pattern in SOURCES for path in BASE_DIR.glob(pattern)):
        digest.update(f"{path.relative_to(BASE_DIR)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _make_sqlite(made: Path) -> None:
    for old in KEPT.glob("*.sqlite3"):
        if old.stat().st_mtime < time.time() - KEPT_SECONDS:
            old.unlink()
            old.with_suffix(".json").unlink(missing_ok=True)
    folder = servers.temporary_folder()
    migrate({"IMPORTS_DATA_DIR": str(folder)})
    _keep(folder / FILE, made)


def _keep(file: Path, made: Path) -> None:
    """It gets its name when it is whole."""
    draft = made.with_suffix(".new")
    shutil.copy(file, draft)
    draft.rename(made)


def _make_postgresql(connection: Connection, server: str, name: str) -> None:
    """It gets its name when it is whole, whatever happens to this process meanwhile."""
    for old in connection.execute(OLD, [f"{PREFIX}%", time.time() - KEPT_SECONDS]).fetchall():
        connection.execute(f"DROP DATABASE IF EXISTS {old[0]}")
    draft = f"{name}_draft"
    connection.execute(f"DROP DATABASE IF EXISTS {draft}")
    connection.execute(f"CREATE DATABASE {draft}")
    url = urlsplit(server)._replace(path=f"/{draft}").geturl()
    folder = servers.temporary_folder()
    migrate({"IMPORTS_DATA_DIR": str(folder), "DATABASE_URL": url})
    connection.execute(f"ALTER DATABASE {draft} RENAME TO {name}")
