"""A model with fields of all kinds, as far as the database has them, and what refers to it."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateRangeField,
    DateTimeRangeField,
    DecimalRangeField,
    IntegerRangeField,
)
from django.db import connection, models
from django.db.models.functions import Now

from tests.guests.kinds import Kind

IS_POSTGRESQL = connection.vendor == "postgresql"


class Thing(Kind):
    """What can be said of anything."""

    name = models.CharField(max_length=20, unique=True)
    whole = models.IntegerField(null=True)
    doubled = models.GeneratedField(
        expression=models.F("whole") * 2, output_field=models.IntegerField(), db_persist=True
    )
    made_at = models.DateTimeField(db_default=Now())
    money = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    day = models.DateField(null=True)
    moment = models.DateTimeField(null=True)
    hour = models.TimeField(null=True)
    span = models.DurationField(null=True)
    blob = models.BinaryField(null=True, editable=True)
    address = models.GenericIPAddressField(null=True)
    token = models.UUIDField(null=True)
    file = models.FileField(upload_to="things", blank=True)
    picture = models.ImageField(upload_to="things", blank=True)
    data = models.JSONField(null=True)
    words: Any = ArrayField(models.CharField(max_length=5), null=True) if IS_POSTGRESQL else None
    days: Any = DateRangeField(null=True) if IS_POSTGRESQL else None
    sizes: Any = IntegerRangeField(null=True) if IS_POSTGRESQL else None
    prices: Any = DecimalRangeField(null=True) if IS_POSTGRESQL else None
    hours: Any = DateTimeRangeField(null=True) if IS_POSTGRESQL else None

    def __str__(self) -> str:
        return self.name


class Note(Kind):
    """Refers to a thing by whatever is known of it."""

    name = models.CharField(max_length=20, unique=True)
    thing = models.ForeignKey(Thing, null=True, on_delete=models.CASCADE)

    def __str__(self) -> str:
        return self.name


class Heading(Kind):
    """The name of a note, of which a test makes a view."""

    name = models.CharField(max_length=20, unique=True)

    class Meta:
        managed = False

    def __str__(self) -> str:
        return self.name


class Stay(Kind):
    """Of which no two have a night in common, where the database has ranges."""

    code = models.CharField(max_length=20, unique=True)
    nights: Any = DateRangeField() if IS_POSTGRESQL else None

    class Meta:
        constraints = (
            [ExclusionConstraint(name="stays_apart", expressions=[("nights", "&&")])]
            if IS_POSTGRESQL
            else []
        )

    def __str__(self) -> str:
        return self.code
