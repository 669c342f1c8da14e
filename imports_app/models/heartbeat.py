"""When the background processes were last seen."""

from typing import ClassVar

from django.db import models
from django.utils import timezone


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    """Stores signs of life."""

    def seen(self, name: str) -> None:
        """Note that the process of that name is alive now."""
        self.bulk_create(
            [Heartbeat(name=name, seen_at=timezone.now())],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["seen_at"],
        )


class Heartbeat(models.Model):
    """A sign of life of `worker` or `beat`; `/readyz` looks at its age."""

    name = models.CharField(primary_key=True, max_length=50)
    seen_at = models.DateTimeField()

    objects: ClassVar[HeartbeatQuerySet] = HeartbeatQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name
