"""What every imported record has: a mode."""

from django.db import models


class Mode(models.TextChoices):
    """Whether data is real. A client of one mode sees nothing of the other by any path."""

    TEST = "test"
    LIVE = "live"


class ModeModel(models.Model):
    """A record that belongs to a mode. Put `mode` last in unique constraints: it selects little."""

    mode = models.CharField(max_length=4, choices=Mode, editable=False)

    class Meta:
        abstract = True
