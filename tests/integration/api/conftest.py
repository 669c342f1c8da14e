"""Fixtures for tests of the API."""

from collections.abc import Iterator

import pytest
from django.db import connection

from tests.factories.clients import ApiClientFactory
from tests.integration.api.caller import Caller


@pytest.fixture
def database_away() -> Iterator[None]:
    """The database can't be reached; ask for this last, in a test with `transaction=True`."""
    known = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {"HOST": "127.0.0.1", "PORT": 1}
    if connection.vendor == "sqlite":
        connection.settings_dict["NAME"] = "/nowhere/db.sqlite3"
    yield
    connection.close()
    connection.settings_dict.update(known)


@pytest.fixture
def caller() -> Caller:
    """A client of the test mode with the scopes that every client has."""
    return Caller(ApiClientFactory.create())
