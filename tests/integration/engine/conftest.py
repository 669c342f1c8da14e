"""What tests of the engine share."""

from collections.abc import Iterator

import pytest

from tests.integration.engine.numbered import registered


@pytest.fixture
def numbered() -> Iterator[None]:
    """The types of which the database numbers the records are there."""
    with registered():
        yield
