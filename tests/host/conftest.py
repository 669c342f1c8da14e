"""The foreign project, as somebody has it who has just installed the wheel."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import psycopg
import pytest

from tests import servers
from tests.host.environment import Environment, build, run
from tests.host.guide import commands, follow

PROJECT = Path(__file__).parent / "project"
MEMBERS = ("members", "library")  # its apps
MIGRATE = "manage.py migrate"
# Migrations take seconds of a processor; what they made is where the project's tests look for their
# database, which `--keepdb` keeps.
TABLES = "test.sqlite3"

Said = list[tuple[str, str]]  # commands, and what each printed


@dataclass(frozen=True)
class Host:
    """The project in a folder of its own, and the environment that it runs in."""

    environment: Environment
    folder: Path
    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def manage(self, *arguments: str, **variables: str) -> str:
        """Run a command of the project, and return what it printed."""
        given = {**self.variables, **variables}
        return self.environment.run("manage.py", *arguments, cwd=self.folder, **given)

    def shell(self, command: str) -> str:
        """Run a line of a shell, whose `python` is the environment's; return what it printed."""
        path = f"{self.environment.python.parent}:{os.environ['PATH']}"
        return run("sh", "-ec", command, cwd=self.folder, PATH=path, **self.variables)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    return build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """One with what clients of its own for the API need, and no other extra."""
    return Environment(tmp_path_factory.mktemp("host") / "environment", wheel, "oauth")


@pytest.fixture(scope="session")
def project(environment: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as the guide has made it, with its migrations; to be copied."""
    folder = tmp_path_factory.mktemp("host") / "project"
    shutil.copytree(PROJECT, folder)
    follow(folder)
    Host(environment, folder).manage("makemigrations", *MEMBERS)
    return folder


@pytest.fixture(scope="session")
def host(environment: Environment, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Host:
    """The project with clients of its own for the API."""
    return Host(environment, copy(project, tmp_path_factory.mktemp("host")))


@pytest.fixture(scope="session")
def bare_host(wheel: Path, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Host:
    """The project with nothing installed but what the wheel requires by itself."""
    return install(wheel, project, tmp_path_factory.mktemp("host"))


@pytest.fixture(scope="session")
def host_with_extras(wheel: Path, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Host:
    """The project with the extras that add pages."""
    extras = "files,metrics,oauth,schema,unfold"
    return install(wheel, project, tmp_path_factory.mktemp("host"), extras)


@pytest.fixture(scope="session")
def host_on_postgresql(
    wheel: Path, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Host]:
    """The project in a new database of PostgreSQL, with the driver that an extra brings."""
    host = install(wheel, project, tmp_path_factory.mktemp("host"), "oauth,postgres")
    name = f"imports_host_{uuid.uuid4().hex[:8]}"
    server = servers.postgresql_url()
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    settings = {
        "SHOP_DATABASE": url,
        "SHOP_TABLES": f"{name}_tables",
        "DJANGO_SETTINGS_MODULE": "shop.on_postgresql",
    }
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield Host(host.environment, host.folder, settings)
        finally:
            for each in (name, settings["SHOP_TABLES"]):
                connection.execute(f"DROP DATABASE IF EXISTS {each} WITH (FORCE)")


@pytest.fixture(scope="session")
def guided(host: Host) -> Said:
    """What the commands of the guide said, and beside the database its tables without any rows."""
    return _guided(host, lambda: shutil.copy(host.folder / "shop.sqlite3", host.folder / TABLES))


@pytest.fixture(scope="session")
def guided_on_postgresql(host_on_postgresql: Host) -> Said:
    """The same there; the tables are those of a database that SHOP_TABLES names."""
    return _guided(host_on_postgresql, lambda: _copy_database(host_on_postgresql.variables))


def _guided(host: Host, keep_tables: Callable[[], object]) -> Said:
    said = []
    for command in commands():
        said.append((command, host.shell(command)))
        if command.endswith(MIGRATE):
            keep_tables()
    return said


def install(wheel: Path, project: Path, folder: Path, extras: str = "") -> Host:
    """Install the wheel, with those extras, for a copy of the project in that folder."""
    return Host(Environment(folder / "environment", wheel, extras), copy(project, folder))


def copy(project: Path, folder: Path) -> Path:
    """Copy the project into that folder."""
    return Path(shutil.copytree(project, folder / "project"))


def _copy_database(variables: Mapping[str, str]) -> None:
    name = urlsplit(variables["SHOP_DATABASE"]).path.strip("/")
    with psycopg.connect(servers.postgresql_url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {variables['SHOP_TABLES']} TEMPLATE {name}")
