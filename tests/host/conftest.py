"""The foreign project, as somebody has it who has just installed the wheel."""

import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import psycopg
import pytest

from tests import servers
from tests.host.environment import Environment, build, run
from tests.host.guide import follow

PROJECT = Path(__file__).parent / "project"
MEMBERS = ("members", "library")  # its apps


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


@pytest.fixture(scope="module")
def host(environment: Environment, tmp_path_factory: pytest.TempPathFactory) -> Host:
    """The project, migrations made, with clients of its own for the API."""
    host = Host(environment, project_in(tmp_path_factory.mktemp("host")))
    host.manage("makemigrations", *MEMBERS)
    return host


@pytest.fixture(scope="module")
def bare_host(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Host:
    """The project with nothing installed but what the wheel requires by itself."""
    return install(wheel, tmp_path_factory.mktemp("host"))


@pytest.fixture(scope="module")
def host_with_extras(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Host:
    """The project with the extras that add pages."""
    return install(
        wheel, tmp_path_factory.mktemp("host"), extras="files,metrics,oauth,schema,unfold"
    )


@pytest.fixture(scope="module")
def host_on_postgresql(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """The project in a new database of PostgreSQL, with the driver that an extra brings."""
    host = install(wheel, tmp_path_factory.mktemp("host"), extras="oauth,postgres")
    name = f"imports_host_{uuid.uuid4().hex[:8]}"
    server = servers.postgresql_url()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        url = urlsplit(server)._replace(path=f"/{name}").geturl()
        settings = {"SHOP_DATABASE": url, "DJANGO_SETTINGS_MODULE": "shop.on_postgresql"}
        try:
            host = Host(host.environment, host.folder, settings)
            host.manage("makemigrations", *MEMBERS)
            yield host
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def install(wheel: Path, folder: Path, extras: str = "") -> Host:
    """Install the wheel, with those extras, for a copy of the project in that folder."""
    return Host(Environment(folder / "environment", wheel, extras), project_in(folder))


def project_in(folder: Path) -> Path:
    """Make a copy of the project there, and do to it what the guide says."""
    project = folder / "project"
    shutil.copytree(PROJECT, project)
    follow(project)
    return project
