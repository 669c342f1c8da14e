"""What somebody who writes a type of their own can get wrong, and what they are told to write."""

from typing import Annotated, Any, Literal, Required, TypedDict

import pytest
from pydantic import StringConstraints

from imports_app.checks import check_importer
from imports_app.checks.registered import check_registered
from imports_app.commerce.models import Sku
from imports_app.importer import Importer, Relation
from tests.unit.library import (
    BookImporter,
    BookRow,
    SettingImporter,
    Shelf,
    Work,
    altered,
    with_row,
)

pytestmark = pytest.mark.backend


class Whole(TypedDict):
    isbn: str
    title: Required[str]


class Unreadable(BookRow, total=False):
    pages: "Pages"  # type: ignore[name-defined]  # noqa: F821


class Untitled(TypedDict, total=False):
    isbn: Required[str]


class Plain:
    isbn: str


SPOILT = {
    # The name in the API and the mode.
    "capitals": (altered(resource_type="Books"), 23, "'Books'", "'books'"),
    "a hyphen": (altered(resource_type="old-books"), 23, "'old-books'", "'old_books'"),
    "a slash": (altered(resource_type="old/books"), 23, "'old/books'", "'old_books'"),
    "a digit first": (altered(resource_type="2books"), 23, "'2books'", "'books'"),
    "no name": (altered(resource_type=""), 23, "''", "'books'"),
    "another mode": (altered(SettingImporter, mode="prod"), 13, "'prod'", "'test', 'live'"),
    "no ModeModel": (altered(SettingImporter, mode=None), 2, "`mode`", "mode = 'live'"),
    "two modes": (altered(mode="live"), 12, "importer names one", "Leave out"),
    # Declarations.
    "a key without a comma": (altered(key=("isbn")), 24, "`key` can't be 'isbn'", '("isbn",)'),
    "a model for a relation": (
        altered(relations={"shelf": Shelf}),
        24,
        "`relations` can't be",
        "Relation(Shelf)",
    ),
    "a relation by name": (altered(relations={"shelf": Relation("Shelf")}), 24, "", "Relation("),  # type: ignore[arg-type]
    "a text of secrets": (altered(secret="pin"), 24, "`secret` can't be 'pin'", "a set"),
    "a list of hashes": (altered(hashed=["pin"]), 24, "`hashed` can't be", "fingerprint"),
    "a list of children": (altered(children=["books"]), 24, "`children` can't be", "related_name"),
    "a list of tags": (altered(tags=["tags"]), 24, "`tags` can't be", "ManyToManyField"),
    "a parent in a tuple": (altered(parent=("shelf",)), 24, "`parent` can't be", "a relation"),
    "no rows a batch": (altered(batch_rows=0), 24, "`batch_rows`", "a number of rows"),
    "one model to read": (altered(derive_reads=Shelf), 24, "`derive_reads`", "tuple of models"),
    "an abstract model": (altered(model=Work), 24, "Work is abstract", "derives from it"),
    "a slip in a name": (altered(realtions={}), 25, "`realtions`", "`relations`"),
    "a plural": (altered(parents="shelf"), 25, "`parents`", "`parent`"),
    # The Row.
    "no TypedDict": (altered(Row=Plain), 26, "no TypedDict", "TypedDict, total=False"),
    "no total=False": (altered(Row=Whole), 27, "isbn", "total=False"),
    "a type that is not there": (altered(Row=Unreadable), 28, "'Pages'", "Import or define"),
    "a type without rules": (with_row(notes=Plain), 28, "Row.notes", "str for example"),
    "a broken pattern": (
        with_row(title=Annotated[str, StringConstraints(pattern="[")]),
        28,
        "Row.title",
        "",
    ),
    "a slip in an attribute": (with_row(titel=str), 5, "Row.titel", "'title'"),
    "a relation in the Row": (with_row(shelf=str), 4, "Row.shelf", "`relations`"),
    "text for a number": (with_row(pages=str), 29, "Row.pages", "Write int"),
    "a number for text": (with_row(title=Required[int]), 29, "Row.title", "Write str"),
    "a flag for a number": (with_row(pages=bool | None), 29, "Row.pages", "Write int"),
    "text for a flag": (with_row(lent=Literal["yes", "no"]), 29, "Row.lent", "Write bool"),
    "text for a day": (with_row(bought_on=str | None), 29, "Row.bought_on", "Write date"),
    "text for a moment": (with_row(due_at=Annotated[str, 1]), 29, "due_at", "Write datetime"),
    # The key.
    "a slip in the key": (altered(key=("ibsn",)), 10, "ibsn", "Did you mean 'isbn'?"),
    "a key of an instruction": (
        altered(with_row(_isbn=str), key=("_isbn",)),
        10,
        "_isbn",
        "Add it to Row",
    ),
    "a constraint without mode": (
        altered(with_row(ean=Required[str]), key=("ean", "title")),
        11,
        "unique constraint",
        "fields=['ean', 'title', 'mode']",
    ),
    "a constraint that holds for some": (altered(key=("title",)), 11, "", "['title', 'mode']"),
    "a key that may be null": (
        altered(with_row(ean=str | None), key=("ean",)),
        30,
        "ean",
        "null=True",
    ),
    "a key that a row may lack": (
        altered(with_row(isbn=str)),
        31,
        "isbn",
        "Required[…]",
    ),
    "a key with one default": (
        altered(with_row(subtitle=str), key=("subtitle",)),
        31,
        "subtitle",
        "a function",
    ),
    "a relation in the key that a row may lack": (
        altered(key=("isbn", "section"), relations={"section": Relation(Shelf)}),
        31,
        "section",
        "required=True",
    ),
    # Relations.
    "a slip in a relation": (altered(relations={"shlef": Relation(Shelf)}), 6, "", "'shelf'"),
    "a slip in the parent": (
        altered(relations={"shelf": Relation(Shelf)}, parent="shlef"),
        9,
        "'shlef'",
        "'shelf'",
    ),
    "a made target without importer": (
        altered(relations={"shelf": Relation(Shelf, makes=True)}),
        8,
        "Shelf",
        "leave out `makes`",
    ),
    # What is taken from the model.
    "a slip in fields": (altered(fields=("isbn", "titel")), 40, "'titel'", "'title'"),
    "a slip in exclude": (altered(exclude=("pagez",)), 40, "'pagez'", "'pages'"),
    "no tuple of fields": (altered(fields=["isbn"]), 24, "`fields`", "a tuple of fields"),
    # What the model needs, and what nobody may read.
    "a needed field that is left out": (
        altered(Row=Untitled),
        32,
        "title",
        "Add it to Row",
    ),
    "a slip in a secret": (
        altered(with_row(pin=str), secret={"pni"}),
        33,
        "'pni'",
        "'pin'",
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_mistake_has_a_message_that_says_what_to_write(name: str) -> None:
    importer, number, words, hint = SPOILT[name]
    messages = {message.id: message for message in check_importer(importer())}

    message = messages[f"imports.E{number:03}"]
    assert words in message.msg
    assert importer.__name__ in message.msg
    assert hint in str(message.hint)


def test_every_mistake_is_told_once() -> None:
    for name, (importer, *_) in SPOILT.items():
        messages = [(message.id, message.msg) for message in check_importer(importer())]
        assert len(messages) == len(set(messages)), name


@pytest.mark.parametrize("importer", [BookImporter, SettingImporter])
def test_a_sound_importer_has_no_message(importer: type[Importer]) -> None:
    assert list(check_importer(importer())) == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("price", float | int | None),
        ("title", Required[Annotated[str, "of the cover"]]),
        ("title", Literal["Emma", "Persuasion"]),
        ("notes", list[str]),
        ("notes", Any),
        ("_hint", dict[str, int]),
    ],
)
def test_a_type_that_fits_is_right(name: str, hint: Any) -> None:
    assert list(check_importer(with_row(**{name: hint})())) == []


def test_an_importer_that_derives_or_requires_more_may_leave_more_out() -> None:
    row = TypedDict("row", {"isbn": str}, total=False)  # noqa: UP013
    methods = {"derive": lambda *_: None, "missing": lambda *_: ()}

    assert list(check_importer(altered(Row=row, **methods)())) == []


def test_an_importer_that_is_not_registered_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Forgotten(Importer):
        resource_type = "forgotten"
        model = Sku

    assert list(check_registered()) == []
    monkeypatch.setattr(Forgotten, "__module__", "imports_app.commerce.importers.forgotten")

    (message,) = check_registered()

    assert "Forgotten is not registered" in message.msg
    assert "@importers.register" in str(message.hint)
