"""Fixtures for every kind of test."""

import shutil
import signal
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test import TransactionTestCase
from hypothesis import settings

from tests import migrated
from tests.emptying import all_tables, empty
from tests.spreading import Spreading

# How long an example takes is no property of the product, but of what else the machine does.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

UNIT_TESTS = Path(__file__).parent / "unit"


def pytest_configure() -> None:
    """SIGTERM ends the run as Ctrl-C does, with the servers and processes that it started."""
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("SIGTERM", returncode=143))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A unit test has no use for a database: what it says on one it says on all."""
    for item in items:
        if item.path.is_relative_to(UNIT_TESTS) and not item.get_closest_marker("backend"):
            item.add_marker(pytest.mark.once)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Spreading:
    return Spreading(config, log)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """What Django then takes is the copy; it goes with the folder that it is in."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Have the test database start as a copy, so that there is little left to migrate."""
    test = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        shutil.copy(migrated.sqlite(), test["NAME"])
    else:
        test["TEMPLATE"] = migrated.postgresql()


@pytest.fixture(autouse=True, scope="session")
def quick_flush() -> None:
    """What Django calls behind each transactional test."""
    TransactionTestCase._fixture_teardown = _empty_all  # type: ignore[attr-defined]


def _empty_all(_: TransactionTestCase) -> None:
    for used in connections.all():
        empty(used, all_tables(used))


@pytest.fixture(autouse=True)
def nothing_was_logged_lately() -> None:
    """What is logged once a minute is logged in each test."""
    from imports_app.telemetry.seldom import seldom

    seldom._last.clear()
