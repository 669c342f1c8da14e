"""What the catalogue has nothing like."""

from typing import Any, ClassVar

from django.db import models


class Guest(models.Model):
    """What all of them have."""

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True


class Route(Guest):
    """How goods travel. Its `mode` is its own: by air or by sea."""

    code = models.CharField(max_length=20)
    mode = models.CharField(max_length=20, default="air")
    cost = models.IntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "mode"], name="route_is_unique")]

    def __str__(self) -> str:
        return f"{self.code} by {self.mode}"
