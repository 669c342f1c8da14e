import subprocess
import sys
from pathlib import Path

import pytest

from config.env import BASE_DIR
from tests.acceptance.processes import clean_environment
from tests.spreading import LONG, STACKS, rank, together

ACCEPTANCE = "tests/acceptance"
RELIABILITY = "tests/integration/reliability"


@pytest.mark.parametrize(
    ("nodeid", "name"),
    [
        ("tests/unit/models/test_ids.py::test_a[servers_stack]", "tests/unit/models/test_ids.py"),
        (f"{ACCEPTANCE}/test_documents.py::test_a[x]", f"{ACCEPTANCE}/test_documents.py"),
        (f"{ACCEPTANCE}/test_modes.py::test_a[servers_stack]", "servers_stack"),
        (f"{ACCEPTANCE}/test_modes.py::test_a[GET-embedded_stack]", "embedded_stack"),
        (f"{ACCEPTANCE}/test_modes.py::test_a[servers_stack-GET]", "servers_stack"),
        (f"{ACCEPTANCE}/browser/test_imports.py::test_a[400]", "servers_stack"),
        (f"{ACCEPTANCE}/test_javascript_client.py::test_a", "embedded_stack"),
        (f"{ACCEPTANCE}/test_javascript_client.py::test_a[servers_stack]", "servers_stack"),
        (f"{ACCEPTANCE}/test_webhooks.py::test_a", "embedded_stack"),
        (f"{ACCEPTANCE}/test_generated_clients.py::test_a", "embedded_stack"),
        (f"{ACCEPTANCE}/test_broker.py::test_a", f"{ACCEPTANCE}/test_broker.py"),
        (f"{ACCEPTANCE}/test_torture.py::test_a", f"{ACCEPTANCE}/test_torture.py::test_a"),
        ("tests/host/test_wheel.py::test_a", "tests/host/"),
        (f"{RELIABILITY}/test_races.py::test_a[1]", f"{RELIABILITY}/test_races.py::test_a[1]"),
    ],
)
def test_tests_stay_with_what_they_share(nodeid: str, name: str) -> None:
    assert together(nodeid) == name


def test_long_tests_come_first() -> None:
    folders = ("tests/unit", "tests/integration/files", RELIABILITY, ACCEPTANCE, "tests/host")
    ids = [f"{folder}/test_a.py::test_a" for folder in folders]
    ids += [f"{ACCEPTANCE}/test_a.py::test_a[{stack}]" for stack in reversed(STACKS)]

    assert sorted(ids, key=rank) == ids[::-1]


def test_what_is_known_to_be_long_is_there() -> None:
    assert [place for place in LONG if not (BASE_DIR / place).exists()] == []


CONFTEST = """
from tests.spreading import Spreading

def pytest_xdist_make_scheduler(config, log):
    return Spreading(config, log)
"""
# By itself, as a test does that is over its limit: the rest of its file is run by another worker.
ENDS_ITS_WORKER = """
import os

def test_before(): pass
def test_ends(): os._exit(1)
def test_behind(): pass
"""
PASSES = "def test_passes(): pass"


@pytest.mark.processes
def test_a_test_that_ends_its_worker_is_told_once_and_all_others_run(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pytest.ini").touch()
    (tmp_path / "test_one.py").write_text(PASSES)
    (tmp_path / "test_two.py").write_text(ENDS_ITS_WORKER)

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "-p", "xdist", "--dist", "loadfile"],
        cwd=tmp_path,
        env=clean_environment()
        | {"PYTHONPATH": str(BASE_DIR), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "crashed while running 'test_two.py::test_ends'" in run.stdout, run.stdout + run.stderr
    assert "1 failed, 3 passed" in run.stdout


def test_a_test_that_never_ends_ends_its_worker(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.getini("faulthandler_exit_on_timeout")
    assert float(pytestconfig.getini("faulthandler_timeout")) > 0
