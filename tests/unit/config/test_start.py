"""What every process of the service goes through before it does anything."""

import json
from typing import Any

import pytest

from tests.acceptance.processes import clean_environment, run

pytestmark = pytest.mark.processes

START = """
import gc, json, sys
import django
django.setup()
from django.core.checks import run_checks
collections = sum(each["collections"] for each in gc.get_stats())
modules = [*sys.modules]
run_checks(tags=["admin"])
checked = [*sys.modules]
import config.wsgi
found = {"modules": modules, "checked": checked, "served": [*sys.modules]}
print(json.dumps({**found, "collections": collections}))
"""


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The modules that a process has loaded then, and how often it looked for garbage."""
    folder = tmp_path_factory.mktemp("start")
    environment = clean_environment() | {"IMPORTS_DATA_DIR": str(folder)}
    script = folder / "start_a_process.py"
    script.write_text(START)
    return json.loads(run(script.stem, environment={**environment, "PYTHONPATH": str(folder)}))


def test_no_staff_page_is_loaded_before_one_is_asked_for(started: Any) -> None:
    assert "imports_app.commerce" in started["modules"]
    assert [name for name in started["modules"] if name.endswith(".admin")] == [
        "django.contrib.admin"
    ]


def test_staff_pages_are_loaded_to_be_checked(started: Any) -> None:
    assert {"imports_app.admin.imports", "imports_app.commerce.admin"} <= {*started["checked"]}


def test_a_web_process_loads_all_pages_before_it_is_forked(started: Any) -> None:
    assert "config.urls" not in started["checked"]
    assert "config.urls" in started["served"]


def test_no_text_encoding_is_loaded_before_a_file_is_read(started: Any) -> None:
    assert "encodings.utf_8" in started["modules"]
    assert "encodings.koi8_r" not in started["modules"]


def test_no_driver_is_loaded_for_a_database_that_is_not_used(started: Any) -> None:
    assert "django.db.backends.sqlite3.base" in started["modules"]
    assert "psycopg" not in started["modules"]


def test_what_is_loaded_is_seldom_looked_through_for_garbage(started: Any) -> None:
    assert started["collections"] < 200
