"""Fixtures for tests of what goes out."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.receiver import Receiver, receiving


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A receiver on loopback, which the service may call."""
    settings.IMPORTS_WEBHOOK_ALLOWED = ["127.0.0.0/8"]
    with receiving() as found:
        yield found
