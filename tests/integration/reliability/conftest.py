"""What the tests of reliability share."""

from collections.abc import Iterator

import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def commits_that_wait_for_no_disk(transactional_db: None) -> Iterator[None]:
    """Thousands of imports run here and no server crashes, so none needs to be safe on disk."""
    if connection.vendor != "postgresql":
        yield
        return
    options = connection.settings_dict["OPTIONS"]
    options["options"] = "-c synchronous_commit=off"
    connection.close()
    yield
    del options["options"]
    connection.close()
