"""Models as they stand in other people's projects: no mode, and keys and fields of all kinds."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.text import slugify


class Kind(models.Model):
    """What all of them have."""

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True


class Genre(models.TextChoices):
    """What a novel may be."""

    CRIME = "crime", "Crime"
    ROMANCE = "romance", "Romance"


class Author(Kind):
    """Known by an email address; no importer in most of the tests."""

    name = models.CharField(max_length=50)
    email = models.EmailField(unique=True)
    site = models.URLField(blank=True)

    def __str__(self) -> str:
        return self.name


class Novel(Kind):
    """A model as Django's tutorials have it."""

    isbn = models.CharField(max_length=13, unique=True, validators=[RegexValidator(r"^\d{13}$")])
    title = models.CharField(max_length=30)
    slug = models.SlugField(blank=True)
    genre = models.CharField(max_length=10, choices=Genre, default=Genre.CRIME)
    stars = models.PositiveSmallIntegerField(null=True, choices=[(n, str(n)) for n in range(1, 6)])
    pages = models.IntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    price = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    printed_on = models.DateField(null=True, blank=True)
    sold_out = models.BooleanField(default=False)
    author = models.ForeignKey(Author, null=True, blank=True, on_delete=models.CASCADE)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title


class Ticket(Kind):
    """Its model does much while it saves a record."""

    number = models.IntegerField(unique=True)
    title = models.CharField(max_length=30)
    slug = models.SlugField(blank=True, editable=False)
    starts = models.IntegerField(default=0)
    ends = models.IntegerField(default=10)
    saves = models.IntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["title", "starts"], name="ticket_title_starts"),
            models.CheckConstraint(
                condition=models.Q(ends__lte=100),
                name="ticket_ends",
                violation_error_message="ends too late",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Counts how often."""
        if self.title == "unlucky":
            raise KeyError(self.title)
        if self.title == "refused":
            raise ValidationError({"title": "is refused"})
        self.saves += 1
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """An order of two numbers; sets the slug."""
        if self.starts > self.ends:
            raise ValidationError({"ends": "is before it starts"})
        if self.title == "nothing":
            raise ValidationError("is nothing")
        self.slug = slugify(self.title)
