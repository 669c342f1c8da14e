"""Fixtures for tests of files."""

import pytest

from tests.factories.clients import ApiClientFactory
from tests.integration.api.caller import Caller


@pytest.fixture
def caller() -> Caller:
    """A client of the test mode that may do everything."""
    return Caller(ApiClientFactory.create(scopes="imports:read imports:write imports:cleanup"))
