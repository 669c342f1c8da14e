"""Models with a history, keyed in several ways; none knows of modes."""

import uuid

from django.db import models


class Author(models.Model):
    """By an email address."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class Book(models.Model):
    """By its ISBN."""

    isbn = models.CharField(max_length=13, unique=True)
    title = models.CharField(max_length=200)
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="books")
    list_price = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class Shelf(models.Model):
    """By a code, beside a UUID."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=20, unique=True)

    def __str__(self) -> str:
        return self.code


class Stock(models.Model):
    """By two others."""

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="stock")
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE, related_name="stock")
    copies = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "shelf"], name="stock_is_unique")]

    def __str__(self) -> str:
        return f"{self.copies} of {self.book}"
