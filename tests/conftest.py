"""Fixtures for every kind of test."""

import gc
import shutil
import signal
from collections.abc import Generator
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test import TransactionTestCase
from hypothesis import settings

from tests import migrated
from tests.emptying import all_tables, empty
from tests.spreading import Spreading, rank

# How long an example takes is no property of the product, but of what else the machine does.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

WITHOUT_PROCESSES = tuple(Path(__file__).parent / name for name in ("unit", "integration"))
DATABASE = {"db", "transactional_db"}  # fixtures; the other ones ask for one of these


def pytest_configure() -> None:
    """SIGTERM ends the run as Ctrl-C does, with the servers and processes that it started."""
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("SIGTERM", returncode=143))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is found stays: to look through it for garbage, again and again, took a third longer."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a test says that uses no database, it says on all of them. What takes long is first."""
    for item in items:
        if any(map(item.path.is_relative_to, WITHOUT_PROCESSES)) and not _uses_database(item):
            item.add_marker(pytest.mark.once)
    items.sort(key=lambda item: rank(item.nodeid))


def _uses_database(item: pytest.Item) -> bool:
    marked = item.get_closest_marker("backend") or item.get_closest_marker("django_db")
    return bool(marked or DATABASE & set(getattr(item, "fixturenames", ())))


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
    elif connection.vendor == "postgresql":
        test["TEMPLATE"] = migrated.postgresql()


@pytest.fixture(autouse=True, scope="session")
def quick_flush() -> None:
    """What Django calls behind each transactional test."""
    TransactionTestCase._fixture_teardown = _empty_all  # type: ignore[attr-defined]
    TransactionTestCase._should_reload_connections = _never  # type: ignore[attr-defined]


def _empty_all(_: TransactionTestCase) -> None:
    for used in connections.all():
        used.close_if_unusable_or_obsolete()
        empty(used, all_tables(used))


def _never(_: TransactionTestCase) -> bool:
    """Each test goes on with the connection of the last one, as a worker does with its imports.

    For a new one PostgreSQL reads its catalogue again, which takes longer than most tests.
    """
    return False


@pytest.fixture(autouse=True)
def nothing_was_logged_lately() -> None:
    """What is logged once a minute is logged in each test."""
    from imports_app.telemetry.logs import throttled

    throttled._last.clear()
