"""Waiting until others wait for locks."""

from concurrent.futures import Future
from time import monotonic
from typing import Any

from django.db import connection

PATIENCE = 60.0  # seconds
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def await_waiting(number: int = 1, *, unless: "Future[Any] | None" = None) -> None:
    """Wait until that number of sessions wait for locks, or what they carry out is done.

    SQLite lets one transaction write at a time, and can't be asked who waits: there it is left to
    chance.
    """
    if connection.vendor != "postgresql":
        return
    end, waiting = monotonic() + PATIENCE, 0
    with connection.cursor() as cursor:
        while waiting < number and not (unless and unless.done()):
            assert monotonic() < end, f"{waiting} of {number} wait"
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            waiting = cursor.execute(WAITING).fetchone()[0]
