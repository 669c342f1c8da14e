"""What every imported record has, in a project with test and live data: a mode."""

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
