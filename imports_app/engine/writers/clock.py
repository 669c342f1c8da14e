"""The time that records get. Workers may be on several hosts, and the clocks of those differ."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models.functions import Now
from django.utils import timezone

from imports_app.models import Import

TOLD = timedelta(milliseconds=1)  # SQLite's clock has no smaller unit

_ahead = timedelta()  # by how much the database's clock is ahead of this host's


def load_and_set_clock(import_id: UUID) -> Import:
    """Return the import that is about to be worked on, and have the database tell what time it is
    in the same answer. Raises Import.DoesNotExist.

    Where it answers late the clocks may agree all the same: it told the time while it was asked.
    """
    global _ahead  # noqa: PLW0603  (a process has one clock)
    asked = timezone.now()
    import_ = Import.objects.annotate(told_at=Now()).get(pk=import_id)
    answered = timezone.now()
    agree = asked - TOLD <= import_.told_at <= answered + TOLD
    _ahead = timedelta() if agree else import_.told_at - answered
    return import_


def database_now() -> datetime:
    """Return the database's time as of this lease, so that no record seems older than those before
    it.
    """
    return timezone.now() + _ahead
