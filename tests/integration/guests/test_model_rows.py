"""An importer without a Row takes it from the model, with the rules of the model's fields."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict

import pytest
from django.contrib.auth.models import User

from imports_app.checks import check_importer
from imports_app.engine.types import json_schema, schema_for
from imports_app.importer import Importer, Relation
from imports_app.models import Import, Mode
from imports_app.registry import importers
from tests.factories.clients import ApiClientFactory
from tests.guests.kinds import Author, Novel
from tests.guests.registering import registered
from tests.integration.api.caller import Caller
from tests.running import row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)

ISBN = "9780141439518"


class NovelImporter(Importer):
    resource_type = "novels"
    model = Novel
    mode = Mode.TEST
    key = ("isbn",)
    relations = {"author": Relation(Author, by="email"), "owner": Relation(User, by="username")}


class AuthorImporter(Importer):
    resource_type = "authors"
    model = Author
    mode = Mode.TEST
    key = ("email",)


@pytest.fixture(autouse=True)
def types() -> Iterator[None]:
    with registered(NovelImporter):
        yield


def run(*rows: dict[str, Any], resource_type: str = "novels") -> Import:
    return run_import(importers.get(resource_type), rows, skip_errors=True)


def messages(import_: Import) -> list[str]:
    return [f"{e.attribute} {e.message}" for of_row in row_errors(import_).values() for e in of_row]


def test_an_importer_from_a_model_passes_the_checks() -> None:
    assert list(check_importer(importers.get("novels"))) == []


def test_a_row_gives_all_that_a_form_would() -> None:
    schema = json_schema(schema_for(importers.get("novels")))

    assert schema["required"] == ["isbn", "title"]
    assert {*schema["properties"]} == {
        *("id", "type", "isbn", "title", "slug", "genre", "stars", "pages", "price"),
        *("printed_on", "sold_out", "author_id", "author_email", "owner_id", "owner_username"),
    }
    assert schema["properties"]["genre"]["anyOf"][0]["enum"] == ["crime", "romance"]


def test_a_record_is_created_updated_and_found_again() -> None:
    author = Author.objects.create(name="Austen", email="jane@example.org")
    User.objects.create_user("clerk")
    row = {"isbn": ISBN, "title": "Emma", "genre": "romance", "stars": 5, "pages": 474}
    row |= {"price": "7.50", "printed_on": "1815-12-23", "author_email": author.email}
    row["owner_username"] = "clerk"

    assert messages(run(row)) == []
    again = run(row, {"isbn": ISBN, "title": "Emma!", "stars": None})

    novel = Novel.objects.get()
    assert (again.unchanged_count, again.updated_count) == (1, 1)
    assert (novel.title, novel.genre, novel.stars, novel.price, novel.printed_on) == (
        *("Emma!", "romance", None, Decimal("7.50"), date(1815, 12, 23)),
    )
    assert (novel.author, novel.owner.username, novel.slug) == (author, "clerk", "")


SLUG = "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."
REFUSED = [
    ({"isbn": "123"}, "isbn Enter a valid value."),
    ({"title": " "}, "title can't be blank"),
    ({"title": "x" * 31}, "title is too long (maximum is 30 characters)"),
    ({"title": None}, "title can't be blank"),
    ({"slug": "no slug"}, "slug " + SLUG),
    ({"genre": "poetry"}, "genre must be one of 'crime' or 'romance'"),
    ({"stars": 6}, "stars must be one of 1, 2, 3, 4 or 5"),
    ({"pages": 0}, "pages must be greater than or equal to 1"),
    ({"pages": "many"}, "pages must be an integer"),
    ({"price": 10000}, "price is too large (maximum is 4 digits before the decimal point)"),
    ({"printed_on": "soon"}, "printed_on is not a valid ISO 8601 datetime"),
    ({"sold_out": "yes"}, "sold_out must be true or false"),
    ({"added_at": "2024-01-01"}, "added_at is unknown"),
    ({"author_email": "nobody@example.org"}, "author must exist"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "message"), REFUSED)
def test_a_value_that_a_form_would_refuse_fails_the_row(
    given: dict[str, Any], message: str
) -> None:
    import_ = run({"isbn": ISBN, "title": "Emma"} | given)

    assert messages(import_) == [message]
    assert not Novel.objects.exists()


def test_a_value_may_be_blank_if_the_field_says_so() -> None:
    assert messages(run({"isbn": ISBN, "title": "Emma", "slug": ""})) == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"email": "jane"}, "email is not a valid email address"),
        ({"site": "example"}, "site is not a valid URL"),
        ({"site": "javascript:alert(1)"}, "site is not a valid URL"),
    ],
)
def test_texts_of_a_format_have_it(given: dict[str, Any], message: str) -> None:
    sound = {"name": "Austen", "email": "jane@example.org", "site": "https://example.org"}
    with registered(AuthorImporter):
        assert messages(run(sound | given, resource_type="authors")) == [message]
        assert messages(run(sound, resource_type="authors")) == []


def test_fields_and_exclude_choose_and_what_is_written_holds() -> None:
    class Chosen(NovelImporter):
        fields = ("isbn", "title", "slug", "author")
        exclude = ("slug",)

        class Row(TypedDict, total=False):
            title: str

    with registered(Chosen):
        schema = schema_for(importers.get("novels"))

    names = {column.attribute: column.required for column in schema.columns}
    assert names == {"isbn": True, "title": False}
    assert [link.name for link in schema.links] == ["author", "owner"]


def test_records_of_a_model_without_importer_are_shown_by_what_names_them() -> None:
    Author.objects.create(name="Austen", email="jane@example.org")
    run({"isbn": ISBN, "title": "Emma", "author_email": "jane@example.org"})
    caller = Caller(ApiClientFactory.create(mode=Mode.TEST))

    (record,) = caller.get("/api/novels?filter[q][author_email_eq]=jane@example.org").data

    assert record["attributes"]["title"] == "Emma"
    assert "author" not in record.get("relationships", {})
    assert caller.get("/api/novels?filter[q][author_email_eq]=x@example.org").data == []
