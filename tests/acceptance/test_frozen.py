"""Servers that stand still; `python -m tests.torture.frozen` measures the times."""

from collections.abc import Iterator

import pytest

from tests.servers import temporary_folder
from tests.torture.frozen import Frozen


@pytest.fixture
def frozen() -> Iterator[Frozen]:
    folder = temporary_folder()
    folder.chmod(0o755)  # PostgreSQL may run as somebody else
    service = Frozen(folder)
    with service.running():
        yield service


def test_a_database_that_stands_still_is_given_up_and_nothing_else_stops(frozen: Frozen) -> None:
    frozen.freeze_postgresql()

    assert frozen.wrong == []
    assert frozen.worst.keys() >= {"healthz while requests wait", "readyz"}
