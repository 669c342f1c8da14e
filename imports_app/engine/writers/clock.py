"""The time that records get. Workers may be on several hosts, and the clocks of those differ."""

from datetime import datetime, timedelta

from django.db.models.functions import Now
from django.utils import timezone

from imports_app.models import Import

TOLD = timedelta(milliseconds=1)  # SQLite's clock has no smaller unit

_ahead = timedelta()  # by how much the database's clock is ahead of this host's


def set_clock(import_: Import) -> None:
    """Ask the database what time it is, by way of the import that is about to be worked on.

    Where it answers late the clocks may agree all the same: it told the time while it was asked.
    """
    global _ahead  # noqa: PLW0603  (a process has one clock)
    asked = timezone.now()
    moment = Import.objects.filter(pk=import_.pk).values_list(Now(), flat=True).get()
    answered = timezone.now()
    agree = asked - TOLD <= moment <= answered + TOLD
    _ahead = timedelta() if agree else moment - answered


def database_now() -> datetime:
    """Return the database's time as of this lease, so that no record seems older than those before
    it.
    """
    return timezone.now() + _ahead
