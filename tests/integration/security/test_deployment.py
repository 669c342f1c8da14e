"""What Django's own checks say of production settings, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.env import BASE_DIR

pytestmark = pytest.mark.processes

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "IMPORTS_HTTPS": "1",
    "DJANGO_ALLOWED_HOSTS": "imports.example",
    "DJANGO_SECRET_KEY": "k3y-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
}


def manage(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs in an environment that says nothing else of the service."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env=kept | {"IMPORTS_DATA_DIR": str(folder)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_settings_pass_the_deployment_checks(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "INFO", **PRODUCTION)

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_the_first_run_makes_a_key_of_its_own(tmp_path: Path) -> None:
    kept = {name: value for name, value in PRODUCTION.items() if name != "DJANGO_SECRET_KEY"}
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "INFO", **kept)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "keys" / "django").stat().st_mode & 0o777 == 0o600


def test_nobody_else_can_look_into_the_data_directory(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    # One of the apps is enough for there to be a database.
    done = manage(folder, "migrate", "contenttypes", "--verbosity", "0", **PRODUCTION)

    assert done.returncode == 0, done.stderr
    assert (folder / "db.sqlite3").exists()
    assert folder.stat().st_mode & 0o777 == 0o700
