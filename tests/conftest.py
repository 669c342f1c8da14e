"""Fixtures for every kind of test."""

import signal

import pytest
from django.db import connections
from django.test import TransactionTestCase

from tests.emptying import all_tables, empty


def pytest_configure() -> None:
    """SIGTERM ends the run as Ctrl-C does, with the servers and processes that it started."""
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("SIGTERM", returncode=143))


@pytest.fixture(autouse=True, scope="session")
def quick_flush() -> None:
    """What Django calls behind each transactional test."""
    TransactionTestCase._fixture_teardown = _empty_all  # type: ignore[attr-defined]


def _empty_all(_: TransactionTestCase) -> None:
    for connection in connections.all():
        empty(connection, all_tables(connection))


@pytest.fixture(autouse=True)
def nothing_was_logged_lately() -> None:
    """What is logged once a minute is logged in each test."""
    from imports_app.seldom import seldom

    seldom._last.clear()
