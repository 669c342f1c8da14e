"""Fixtures for every kind of test."""

import signal

import pytest


def pytest_configure() -> None:
    """SIGTERM ends the run as Ctrl-C does, with the servers and processes that it started."""
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("SIGTERM", returncode=143))
