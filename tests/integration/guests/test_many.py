"""Many-to-many fields, which rows set by the names of their targets."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any, ClassVar

import pytest

from imports_app.checks import check_importer
from imports_app.importer import Importer, Relation
from imports_app.models import Import, Mode
from imports_app.registry import importers
from imports_app.services.undoing import undo_import
from tests.factories.clients import ApiClientFactory
from tests.guests.keyed import Brand, Label, Node, Offer
from tests.guests.registering import registered
from tests.integration.api.caller import Caller
from tests.running import counts, row_errors, run_import, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)


class BrandImporter(Importer):
    resource_type = "brands"
    model = Brand
    mode = Mode.TEST
    key: ClassVar[tuple[str, ...]] = ("code",)


class OfferImporter(Importer):
    """Takes what it has many of from its model."""

    resource_type = "offers"
    model = Offer
    mode = Mode.TEST
    key = ("name",)
    many = {"labels": Relation(Label, by="word")}


class MakingImporter(OfferImporter):
    many = {**OfferImporter.many, "brands": Relation(Brand, makes=True)}


@pytest.fixture(autouse=True)
def types() -> Iterator[None]:
    with registered(BrandImporter, OfferImporter):
        yield


@pytest.fixture
def brands() -> list[Brand]:
    return [Brand.objects.create(code=code) for code in "abc"]


def run(*rows: dict[str, Any], **options: Any) -> Import:
    return run_import(importers.get("offers"), rows, **{"skip_errors": True, **options})


def errors_by_row(import_: Import) -> dict[int, list[tuple[str, str]]]:
    return {
        index: [(error.attribute, error.message) for error in errors]
        for index, errors in row_errors(import_).items()
    }


def brand_codes(name: str = "O") -> set[str]:
    return {*Offer.objects.get(name=name).brands.values_list("code", flat=True)}


def undone(import_: Import) -> Import:
    return run_to_end(undo_import(import_=import_))


def test_a_row_names_all_of_them_by_key(brands: list[Brand]) -> None:
    assert counts(run({"name": "O", "brands": ["a", "b", "a"]})) == (1, 0, 0, 0)
    assert brand_codes() == {"a", "b"}
    assert counts(run({"name": "O", "brands": ["b", "a"]})) == (0, 0, 1, 0)
    assert counts(run({"name": "O", "brands": [{"code": "c"}]})) == (0, 1, 0, 0)
    assert brand_codes() == {"c"}
    assert counts(run({"name": "O"})) == (0, 0, 1, 0)
    assert counts(run({"name": "O", "brands": None})) == (0, 1, 0, 0)
    assert brand_codes() == set()


def test_a_row_names_them_by_id_or_by_another_field(brands: list[Brand]) -> None:
    Label.objects.create(word="new")

    run({"name": "O", "brands": [{"id": brands[0].pk}], "labels": ["new"]})

    assert brand_codes() == {"a"}
    assert Offer.objects.get().labels.get().word == "new"


def test_a_row_adds_some_and_takes_some_away(brands: list[Brand]) -> None:
    run({"name": "O", "brands": ["a"]})

    import_ = run({"name": "O", "_add_brands": "b, c", "_remove_brands": "a,nowhere"})

    assert counts(import_) == (0, 1, 0, 0)
    assert brand_codes() == {"b", "c"}


def test_a_missing_target_fails_its_row(brands: list[Brand]) -> None:
    for _ in range(2):
        Label.objects.create(word="twice")

    import_ = run(
        {"name": "O", "brands": ["a", "x"]},
        {"name": "P", "_add_brands": "x", "labels": ["twice"]},
        {"name": "Q", "brands": [{"name": "a"}, True, "c" * 30, {"id": "x"}]},
        {"name": "R", "brands": ["c"]},
    )

    assert errors_by_row(import_) == {
        0: [("brands[1]", "must exist")],
        1: [("_add_brands", "must exist"), ("labels[0]", "is ambiguous")],
        2: [
            ("brands[0]", "must be a code, or an object with a code or an id"),
            ("brands[1]", "must be a code, or an object with a code or an id"),
        ],
    }
    assert [*Offer.objects.values_list("name", flat=True)] == ["R"]


def test_a_missing_target_is_made_if_the_type_says_so(brands: list[Brand]) -> None:
    with registered(MakingImporter):
        import_ = run({"name": "O", "brands": ["a", "x"]})

        assert counts(import_) == (1, 0, 0, 0)
        assert brand_codes() == {"a", "x"}
        undo = undone(import_)

    assert (undo.destroyed_count, undo.warnings_count) == (2, 0)
    assert not Offer.objects.exists()
    assert [*Brand.objects.order_by("code").values_list("code", flat=True)] == ["a", "b", "c"]


def test_changes_of_targets_are_kept_and_undone(brands: list[Brand]) -> None:
    run({"name": "O", "brands": ["a"]})

    import_ = run({"name": "O", "brands": ["b"], "note": "new"})

    client = ApiClientFactory.create(mode=Mode.TEST)
    (change,) = Caller(client).get(f"/api/imports/{import_.pk}/changes").data
    assert change["attributes"]["changes"] == {
        "note": ["", "new"],
        "brands": [[str(brands[0].pk)], [str(brands[1].pk)]],
    }
    assert undone(import_).warnings_count == 0
    assert brand_codes() == {"a"}


def test_targets_that_changed_since_are_left_as_they_are(brands: list[Brand]) -> None:
    import_ = run({"name": "O", "brands": ["a"]}, {"name": "O", "brands": ["b"]})
    Offer.objects.get().brands.add(brands[2])

    assert undone(import_).warnings_count > 0
    assert brand_codes() == {"b", "c"}


def test_targets_are_shown_and_filtered_by(brands: list[Brand]) -> None:
    run({"name": "O", "brands": ["b", "a"]}, {"name": "P", "brands": ["b"]}, {"name": "Q"})
    caller = Caller(ApiClientFactory.create(mode=Mode.TEST))

    def names(query: str) -> list[str]:
        found = caller.get(f"/api/offers?sort=name{query}").data
        return [record["attributes"]["name"] for record in found]

    listed = caller.get("/api/offers?sort=name").data
    assert [one["attributes"]["brands"] for one in listed] == [["a", "b"], ["b"], []]
    assert names("&filter[q][brands_in]=a,b") == ["O", "P"]
    assert names("&filter[q][brands_eq]=a") == ["O"]
    assert names("&filter[q][brands_not_eq]=a") == ["P"]
    assert names("&filter[q][brands_null]=true") == ["Q"]
    assert caller.get("/api/offers?sort=brands").status == 400


def test_a_file_names_them_in_a_cell_with_commas(brands: list[Brand]) -> None:
    client = ApiClientFactory.create(mode=Mode.TEST)
    answer = Caller(client).request(
        "POST", "/api/imports?resource_type=offers", b'name,brands\nO,"a, b"\n', "text/csv"
    )

    assert answer.status == 201, answer.document
    run_to_end(Import.objects.get())
    assert brand_codes() == {"a", "b"}


def test_a_file_of_records_has_them_and_imports_as_unchanged(brands: list[Brand]) -> None:
    Brand.objects.create(code="with, comma")
    run({"name": "O", "brands": ["b", "a"]}, {"name": "P"})
    run({"name": "Q", "brands": ["with, comma"]})
    caller = Caller(ApiClientFactory.create(mode=Mode.TEST))

    file = caller.get("/api/offers", Accept="text/csv").content

    rows = csv.DictReader(StringIO(file.decode()))
    assert {row["name"]: row["brands"] for row in rows} == {"O": "a, b", "P": "", "Q": ""}
    caller.request("POST", "/api/imports?resource_type=offers", file, "text/csv")
    assert counts(run_to_end(Import.objects.latest("created_at"))) == (0, 0, 3, 0)


class NoField(OfferImporter):
    many = {"name": Relation(Brand)}


class ToAnother(OfferImporter):
    many = {"brands": Relation(Label)}


class Required(OfferImporter):
    many = {"brands": Relation(Brand, required=True)}


class MakesWithoutImporter(OfferImporter):
    many = {"labels": Relation(Label, makes=True)}


class NeedsMore(OfferImporter):
    many = {"rated": Relation(Brand)}


class OfItself(Importer):
    resource_type = "nodes"
    model = Node
    mode = Mode.TEST
    key = ("code",)
    many = {"like": Relation(Node)}


@pytest.mark.parametrize(
    ("importer", "number", "words"),
    [
        (NoField, 52, "'name', which is no many-to-many field"),
        (ToAnother, 52, "to Label"),
        (OfItself, 53, "its own type"),
        (Required, 54, "'brands'"),
        (MakesWithoutImporter, 8, "Label"),
        (NeedsMore, 55, "stars"),
    ],
)
def test_checks_say_what_is_not_possible(importer: type[Importer], number: int, words: str) -> None:
    found = {message.id: message.msg for message in check_importer(importer())}

    assert words in found[f"imports.E{number:03}"]


def test_checks_find_nothing_wrong() -> None:
    for importer in (OfferImporter, MakingImporter):
        assert list(check_importer(importer())) == []
