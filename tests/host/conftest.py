"""The foreign project, as somebody has it who has just installed the wheel."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.host.environment import Environment, build, run
from tests.host.guide import follow

PROJECT = Path(__file__).parent / "project"


@dataclass(frozen=True)
class Host:
    """The project in a folder of its own, and the environment that it runs in."""

    environment: Environment
    folder: Path

    def manage(self, *arguments: str, **variables: str) -> str:
        """Run a command of the project, and return what it printed."""
        return self.environment.run("manage.py", *arguments, cwd=self.folder, **variables)

    def shell(self, command: str) -> str:
        """Run a line of a shell, whose `python` is the environment's; return what it printed."""
        path = f"{self.environment.python.parent}:{os.environ['PATH']}"
        return run("sh", "-ec", command, cwd=self.folder, PATH=path)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    return build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def host(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Host:
    """The project with clients of its own for the API, and no other extra."""
    return install(wheel, tmp_path_factory.mktemp("host"), extras="oauth")


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


def install(wheel: Path, folder: Path, extras: str = "") -> Host:
    """Install the wheel, with those extras, for a copy of the project in that folder."""
    shutil.copytree(PROJECT, folder / "project")
    follow(folder / "project")
    return Host(Environment(folder / "environment", wheel, extras), folder / "project")
