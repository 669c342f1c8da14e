"""Models keyed in all the ways that there are, and what refers to them."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models.functions import Lower

from tests.guests.kinds import Kind


class Numbered(Kind):
    """By Django's own id."""

    name = models.CharField(max_length=20, unique=True)
    note = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name


class ByUuid(Kind):
    """By a UUID."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=20, unique=True)
    note = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name


class ByCode(Kind):
    """By a text that rows give."""

    code = models.CharField(max_length=20, primary_key=True)
    note = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.code


class ByOther(Kind):
    """By the record that it extends."""

    numbered = models.OneToOneField(Numbered, on_delete=models.CASCADE, primary_key=True)
    note = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.note


class ByParts(Kind):
    """By two columns at once."""

    pk = models.CompositePrimaryKey("shop", "number")
    shop = models.IntegerField()
    number = models.IntegerField()
    note = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.note


class Inherited(Numbered):
    """In two tables."""

    colour = models.CharField(max_length=20, blank=True)


class ByEmail(Kind):
    """By an expression: no two may differ in case alone."""

    email = models.EmailField(max_length=100)
    name = models.CharField(max_length=20, unique=True)
    note = models.CharField(max_length=20, blank=True)
    is_main = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="by_email_lower"),
            models.UniqueConstraint(
                fields=["is_main"], condition=models.Q(is_main=True), name="by_email_main"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HidingQuerySet(models.QuerySet[Any]):
    """Hides what it should delete."""

    def delete(self) -> Any:
        """See above."""
        return self.update(hidden=True)


class HidingManager(models.Manager[Any]):
    """Doesn't show what is hidden."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return what is there."""
        return HidingQuerySet(self.model, using=self._db).filter(hidden=False)


class Hidden(models.Model):
    """Is never deleted."""

    name = models.CharField(max_length=20)
    note = models.CharField(max_length=20, blank=True)
    hidden = models.BooleanField(default=False, editable=False)

    objects: ClassVar[models.Manager[Any]] = HidingManager()
    everything: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        base_manager_name = "everything"
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(hidden=False), name="hidden_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Node(Kind):
    """In a tree."""

    code = models.CharField(max_length=20, unique=True)
    note = models.CharField(max_length=20, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    like = models.ManyToManyField("self", blank=True)

    def __str__(self) -> str:
        return self.code


class Brand(Kind):
    """One of many that an offer has."""

    code = models.CharField(max_length=20, unique=True)

    def __str__(self) -> str:
        return self.code


class Label(Kind):
    """Known by a word that several may have."""

    word = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.word


class Offer(Kind):
    """Has many of them."""

    name = models.CharField(max_length=20, unique=True)
    note = models.CharField(max_length=20, blank=True)
    brands = models.ManyToManyField(Brand, blank=True)
    labels = models.ManyToManyField(Label, blank=True)
    rated = models.ManyToManyField(Brand, through="Rating", related_name="+")

    def __str__(self) -> str:
        return self.name


class Rating(Kind):
    """A tie that says something itself."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE)
    stars = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.stars}"


class Place(Kind):
    """Known by two fields together."""

    region = models.CharField(max_length=20)
    number = models.IntegerField()
    note = models.CharField(max_length=20, blank=True)
    above = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "number"], name="place_parts")]

    def __str__(self) -> str:
        return f"{self.region} {self.number}"


class Visit(Kind):
    """Refers to a place."""

    name = models.CharField(max_length=20, unique=True)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.CASCADE)

    def __str__(self) -> str:
        return self.name


class Pointer(Kind):
    """Refers to all of them."""

    name = models.CharField(max_length=20, unique=True)
    numbered = models.ForeignKey(Numbered, null=True, on_delete=models.CASCADE, related_name="+")
    by_uuid = models.ForeignKey(ByUuid, null=True, on_delete=models.CASCADE)
    by_code = models.ForeignKey(ByCode, null=True, on_delete=models.CASCADE)
    by_other = models.ForeignKey(ByOther, null=True, on_delete=models.CASCADE)
    inherited = models.ForeignKey(Inherited, null=True, on_delete=models.CASCADE, related_name="+")
    by_email = models.ForeignKey(ByEmail, null=True, on_delete=models.CASCADE)
    hidden = models.ForeignKey(Hidden, null=True, on_delete=models.CASCADE)
    nodes = models.ForeignKey(Node, null=True, on_delete=models.CASCADE)

    def __str__(self) -> str:
        return self.name
