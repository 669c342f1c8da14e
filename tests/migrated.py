"""Databases as the migrations leave them: made once in a run of the tests, and copied from then on.

Migrations take several seconds of processor time, a copy a small part of one.
"""

import fcntl
import os
import shutil
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests import servers
from tests.acceptance.processes import clean_environment, run

FILE = "db.sqlite3"  # what the service calls it in its data folder
FOLDER = "TEST_MIGRATED_DIR"


def offer() -> None:
    """Called by the process from which all others of the run are started. It makes nothing yet."""
    os.environ[FOLDER] = str(servers.temporary_folder())


def sqlite() -> Path:
    """The file to copy."""
    made = _folder() / FILE
    _once(FILE, lambda: _migrate({"IMPORTS_DATA_DIR": str(made.parent)}))
    return made


def copy_sqlite(data_dir: Path) -> None:
    """Put the database into the data folder of a service, unless it has one."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (data_dir / FILE).exists():
        shutil.copy(sqlite(), data_dir / FILE)


def postgresql() -> str:
    """The name of the database to copy, to which nobody may be connected."""
    server = servers.postgresql_url()
    name = _name(server)
    _once(name, lambda: _create(server, name))
    return name


def withdraw() -> None:
    """Leave nothing on a server that stays; called where `offer` was, after all others' end."""
    if server := os.environ.get("TEST_DATABASE_URL"):
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {_name(server)}")


def _name(server: str) -> str:
    """Another one on each server, as xdist's workers may have started some of their own."""
    return f"imports_{zlib.crc32(f'{_folder()} {server}'.encode()):08x}"


def _create(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    _migrate({"IMPORTS_DATA_DIR": str(_folder()), "DATABASE_URL": url})


def _migrate(environment: Mapping[str, str]) -> None:
    run("django", "migrate", "--verbosity", "0", environment={**clean_environment(), **environment})


def _folder() -> Path:
    if FOLDER not in os.environ:  # not by pytest, but by one of the commands besides it
        offer()
    return Path(os.environ[FOLDER])


def _once(name: str, make: Callable[[], None]) -> None:
    """Have the first process that needs it make it, while the others wait."""
    made = _folder() / f"{name}.made"
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            make()
            made.touch()
