"""What records have in common: a mode, in a project with test and live data, or a version."""

from datetime import UTC, datetime, timedelta

from django.db import models

from imports_app.conf import conf


class Mode(models.TextChoices):
    """Whether data is real. A client of one mode sees nothing of the other by any path."""

    TEST = "test"
    LIVE = "live"


ONLY = Mode.LIVE  # that of everything in a project without modes, where nobody sees it


def shown_mode(mode: str) -> dict[str, str]:
    """Return the mode as a member of what is shown; nothing in a project without modes."""
    return {"mode": mode} if conf.modes else {}


class ModeModel(models.Model):
    """A record that belongs to a mode. Put `mode` last in unique constraints: it selects little."""

    mode = models.CharField(max_length=4, choices=Mode, editable=False)

    class Meta:
        abstract = True


class TimedVersion:
    """What is changed seldom, and says by `updated_at` when it last was."""

    updated_at: datetime

    @property
    def version(self) -> int:
        """Another number after each change: the microseconds since 1970 at which it was made."""
        return (self.updated_at - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)
