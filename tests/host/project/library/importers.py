"""Added for the imports."""

from decimal import Decimal
from typing import Required, TypedDict

from imports_app.importer import Importer, Relation
from imports_app.registry import importers
from library.models import Author, Book, Shelf, Stock


@importers.register
class AuthorImporter(Importer):
    """Authors."""

    resource_type = "authors"
    model = Author
    key = ("email",)

    class Row(TypedDict, total=False):
        email: Required[str]
        name: Required[str]


@importers.register
class BookImporter(Importer):
    """Books."""

    resource_type = "books"
    model = Book
    key = ("isbn",)
    relations = {"author": Relation(Author, required=True)}

    class Row(TypedDict, total=False):
        isbn: Required[str]
        title: Required[str]
        list_price: Decimal | None


@importers.register
class ShelfImporter(Importer):
    """Shelves."""

    resource_type = "shelves"
    model = Shelf
    key = ("code",)

    class Row(TypedDict, total=False):
        code: Required[str]


@importers.register
class StockImporter(Importer):
    """How many copies of a book stand on a shelf."""

    resource_type = "stock"
    model = Stock
    key = ("book", "shelf")
    relations = {"book": Relation(Book, required=True), "shelf": Relation(Shelf, required=True)}

    class Row(TypedDict, total=False):
        copies: int
