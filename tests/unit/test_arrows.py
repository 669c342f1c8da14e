"""The arrows between the packages, as pyproject.toml has them for import-linter."""

import subprocess
import sys
from pathlib import Path

import pytest

from config.env import BASE_DIR

pytestmark = pytest.mark.processes


def test_no_package_uses_one_above_it() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [command, "--no-cache"], cwd=BASE_DIR, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout
