"""The time that records get. Workers may be on several hosts, and the clocks of those differ."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

_ahead = timedelta()  # by how much the database's clock is ahead of this host's


def set_clock() -> None:
    """Asks the database what time it is. A file of SQLite has one host, and that host's clock."""
    global _ahead  # noqa: PLW0603  (a process has one clock)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            [moment] = cursor.fetchone()
        _ahead = moment - timezone.now()


def database_now() -> datetime:
    """Return the database's time as of this lease, so that no record seems older than those before
    it.
    """
    return timezone.now() + _ahead
