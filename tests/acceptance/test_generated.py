"""A few of the requests that `python -m tests.generated` sends by the thousand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.stack import Stack
from tests.generated.run import send_all


@pytest.fixture
def own_stack(tmp_path: Path) -> Iterator[Stack]:
    """One that nobody else has to share with what is thrown at it."""
    stack = Stack(tmp_path, {"IMPORTS_RATE_LIMIT": "1000000"})
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


def test_no_bad_request_is_the_servers_fault(own_stack: Stack) -> None:
    summary = send_all(own_stack.client(), 300, first_seed=1)

    assert summary.failed == [], summary.text()
    assert summary.statuses.total() >= 300
    assert summary.statuses.keys() >= {200, 400, 404, 422}
