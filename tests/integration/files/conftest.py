"""Fixtures for tests of files."""

from pathlib import Path
from typing import Any

import pytest

from tests.factories.clients import ApiClientFactory
from tests.integration.api.caller import Caller
from tests.integration.files.taking import WAYS, Take, Taken, Way

FILES = Path(__file__).parents[2] / "files"


@pytest.fixture
def caller() -> Caller:
    """A client of the test mode that may do everything."""
    return Caller(ApiClientFactory.create(scopes="imports:read imports:write imports:cleanup"))


@pytest.fixture(params=WAYS)
def take(request: pytest.FixtureRequest, caller: Caller) -> Take:
    """Imports a file in each way."""
    return _take(WAYS[request.param], caller)


@pytest.fixture(params=["api", "command"])
def take_unasked(request: pytest.FixtureRequest, caller: Caller) -> Take:
    """Imports a file in each way in which nobody is shown a suggestion."""
    return _take(WAYS[request.param], caller)


@pytest.fixture
def take_by_staff(caller: Caller) -> Take:
    """Imports a file by the staff page, as it suggests."""
    return _take(WAYS["staff"], caller)


def _take(way: Way, caller: Caller) -> Take:
    def taken(
        file: str | Path, type_: str = "skus", *, cleanup: bool = False, **options: Any
    ) -> Taken:
        return way(caller, FILES / file, type_, cleanup=cleanup, options=options)

    return taken
