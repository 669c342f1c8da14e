"""What the catalogue has nothing like."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import connection, models

from imports_app.models import ModeModel
from tests.guests import keyed, kinds, things  # noqa: F401  (their tables are made, too)


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


def new_zone() -> str:
    """One that no other depot has."""
    return uuid4().hex[:10]


class Depot(ModeModel, Guest):
    """Others refer to it by its zone."""

    name = models.CharField(max_length=50)
    zone = models.CharField(max_length=20, unique=True, null=True, default=new_zone)
    code = models.CharField(max_length=20, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "mode"], name="depot_is_unique")]

    def __str__(self) -> str:
        return self.name


class Bin(ModeModel, Guest):
    """A place in a depot."""

    depot = models.ForeignKey(Depot, to_field="zone", on_delete=models.CASCADE, related_name="bins")
    number = models.IntegerField()
    label = models.CharField(max_length=50, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number", "depot", "mode"], name="bin_is_unique")
        ]

    def __str__(self) -> str:
        return f"bin {self.number}"


class Truck(ModeModel, Guest):
    """What keeps a depot from being destroyed."""

    plate = models.CharField(max_length=20)
    depot = models.ForeignKey(
        Depot, null=True, to_field="zone", on_delete=models.PROTECT, related_name="trucks"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plate", "mode"], name="truck_is_unique")]

    def __str__(self) -> str:
        return self.plate


class Manual(ModeModel, Guest):
    """A text with a file."""

    title = models.CharField(max_length=50)
    file = models.FileField(upload_to="manuals", max_length=60, null=True)
    cover = models.FileField(upload_to="covers", blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["title", "mode"], name="manual_is_unique")]

    def __str__(self) -> str:
        return self.title


class Sample(ModeModel, Guest):
    """A field of every kind."""

    name = models.CharField(max_length=50)
    small = models.SmallIntegerField(null=True)
    positive_small = models.PositiveSmallIntegerField(null=True)
    integer = models.IntegerField(null=True)
    positive = models.PositiveIntegerField(null=True)
    big = models.BigIntegerField(null=True)
    positive_big = models.PositiveBigIntegerField(null=True)
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    share = models.DecimalField(max_digits=20, decimal_places=10, null=True)
    number = models.FloatField(null=True)
    text = models.CharField(max_length=5, null=True)
    slug = models.SlugField(max_length=5, null=True)
    limited = models.IntegerField(
        null=True, validators=[MinValueValidator(10), MaxValueValidator(20)]
    )
    coded = models.CharField(
        max_length=10, null=True, validators=[RegexValidator("^[A-Z]+$", "has other letters {}")]
    )
    day = models.DateField(null=True)
    moment = models.DateTimeField(null=True)
    hour = models.TimeField(null=True)
    duration = models.DurationField(null=True)
    token = models.UUIDField(null=True)
    address = models.GenericIPAddressField(null=True)
    address_4 = models.GenericIPAddressField(protocol="IPv4", null=True)
    data = models.JSONField(null=True)
    blob = models.BinaryField(null=True, editable=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "mode"], name="sample_is_unique")]

    def __str__(self) -> str:
        return self.name


class Basket(ModeModel, Guest):
    """With an array, where the database has such."""

    name = models.CharField(max_length=50)
    colours: Any = (
        ArrayField(models.CharField(max_length=5), size=3, null=True)
        if connection.vendor == "postgresql"
        else models.JSONField(null=True)
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "mode"], name="basket_is_unique")]

    def __str__(self) -> str:
        return self.name


class PickyField(models.CharField):  # type: ignore[type-arg]
    """One with a form of its own in the database, which not every text has."""

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if value == "raises":
            raise ValueError(value)
        return object() if value == "unknown to the driver" else value


class Parcel(ModeModel, Guest):
    """What a type's own code may fill with anything."""

    name = models.CharField(max_length=50)
    depot = models.ForeignKey(Depot, null=True, on_delete=models.CASCADE, related_name="parcels")
    weight = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    count = models.IntegerField(null=True)
    note = models.CharField(max_length=10, null=True)
    sent_at = models.DateTimeField(null=True)
    address = models.GenericIPAddressField(null=True)
    needed = models.IntegerField(default=0)
    picky = PickyField(max_length=50, null=True)
    story = models.TextField(null=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "mode"], name="parcel_is_unique")]

    def __str__(self) -> str:
        return self.name
