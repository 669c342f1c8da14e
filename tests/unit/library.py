"""The how-to's models, and an importer of them that a test can spoil. They have no tables."""

from typing import Any, ClassVar, Required, TypedDict

from django.apps.registry import Apps
from django.db import models
from django.db.models import UniqueConstraint

from imports_app.importer import Importer
from imports_app.models import ModeModel

OWN = Apps()  # apart from the project's models


class Shelf(ModeModel):
    name = models.CharField(max_length=100)

    class Meta:
        apps = OWN
        app_label = "library"

    def __str__(self) -> str:
        return self.name


class Book(ModeModel):
    isbn = models.CharField(max_length=13)
    ean = models.CharField(max_length=13, unique=True, null=True)
    title = models.CharField(max_length=200)
    subtitle = models.CharField(max_length=200, default="")
    pages = models.IntegerField(null=True)
    price = models.FloatField(null=True)
    lent = models.BooleanField(default=False)
    bought_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    notes = models.JSONField(default=list)
    pin = models.CharField(max_length=20, null=True)
    pin_print = models.CharField(max_length=64, null=True, editable=False)
    shelf = models.ForeignKey(Shelf, null=True, on_delete=models.PROTECT)
    section = models.ForeignKey(Shelf, on_delete=models.PROTECT, default=1, related_name="+")
    sequel = models.ForeignKey("self", null=True, on_delete=models.PROTECT)

    class Meta:
        apps = OWN
        app_label = "library"
        constraints = [
            UniqueConstraint(fields=["isbn", "mode"], name="book_isbn"),
            UniqueConstraint(fields=["subtitle", "mode"], name="book_subtitle"),
            UniqueConstraint(fields=["ean", "mode"], name="book_ean"),
            UniqueConstraint(fields=["isbn", "section", "mode"], name="book_section"),
            UniqueConstraint(
                fields=["title", "mode"], name="book_title", condition=models.Q(lent=True)
            ),
        ]

    def __str__(self) -> str:
        return self.isbn


class Work(ModeModel):
    class Meta:
        abstract = True


class Setting(models.Model):
    """Without a mode."""

    name = models.CharField(max_length=50, unique=True)

    class Meta:
        apps = OWN
        app_label = "library"

    def __str__(self) -> str:
        return self.name


class BookRow(TypedDict, total=False):
    isbn: Required[str]
    title: Required[str]
    pages: int | None


class BookImporter(Importer):
    resource_type = "books"
    model: ClassVar[type[models.Model]] = Book
    key: ClassVar[tuple[str, ...]] = ("isbn",)
    Row = BookRow


class SettingImporter(Importer):
    resource_type = "settings"
    model = Setting
    mode = "live"
    key = ("name",)
    Row = TypedDict("Row", {"name": Required[str]}, total=False)  # noqa: UP013


def altered(sound: type[Importer] = BookImporter, /, **declared: Any) -> type[Importer]:
    """Return the sound importer with other declarations."""
    return type(sound.__name__, (sound,), declared)


def with_row(**attributes: Any) -> type[Importer]:
    """Book's, with these attributes in its Row, too."""
    hints = BookRow.__annotations__ | attributes
    return altered(Row=TypedDict("Row", hints, total=False))  # type: ignore[operator]
