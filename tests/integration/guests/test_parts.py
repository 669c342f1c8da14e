"""Relations whose target is named by several fields together."""

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from imports_app.checks import check_importer
from imports_app.importer import Importer, Relation
from imports_app.models import Import, Mode
from imports_app.registry import importers
from tests.factories.clients import ApiClientFactory
from tests.guests.keyed import Brand, Offer, Place, Visit
from tests.guests.registering import registered
from tests.integration.api.caller import Caller
from tests.running import counts, row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)

PARTS = ("region", "number")


class PlaceImporter(Importer):
    resource_type = "places"
    model = Place
    mode = Mode.TEST
    key: ClassVar[tuple[str, ...]] = PARTS
    relations = {"above": Relation(Place, by=PARTS)}


class VisitImporter(Importer):
    resource_type = "visits"
    model = Visit
    mode = Mode.TEST
    key: ClassVar[tuple[str, ...]] = ("name",)
    relations = {"place": Relation(Place, by=PARTS)}


class ByPlaceImporter(VisitImporter):
    key = ("name", "place")


@pytest.fixture(autouse=True)
def types() -> Iterator[None]:
    with registered(PlaceImporter, VisitImporter):
        yield


@pytest.fixture
def places() -> list[Place]:
    return [Place.objects.create(region=region, number=n) for region in "NS" for n in (1, 2)]


def run(resource_type: str, *rows: dict[str, Any]) -> Import:
    return run_import(importers.get(resource_type), rows, skip_errors=True)


def visit(region: str | None, number: int | None, name: str = "V") -> dict[str, Any]:
    return {"name": name, "place_region": region, "place_number": number}


def errors_by_row(import_: Import) -> dict[int, list[tuple[str, str]]]:
    return {
        index: [(error.attribute, error.message) for error in errors]
        for index, errors in row_errors(import_).items()
    }


def test_a_row_links_to_the_record_that_all_parts_name(places: list[Place]) -> None:
    assert counts(run("visits", visit("S", 1))) == (1, 0, 0, 0)
    assert Visit.objects.get().place == places[2]
    assert counts(run("visits", visit(" S ", 1))) == (0, 0, 1, 0)
    assert counts(run("visits", visit("N", 2))) == (0, 1, 0, 0)
    assert Visit.objects.get().place == places[1]
    assert counts(run("visits", visit(None, None))) == (0, 1, 0, 0)
    assert Visit.objects.get().place is None


def test_a_part_alone_names_nothing(places: list[Place]) -> None:
    import_ = run(
        "visits",
        {"name": "A", "place_region": "S"},
        {"name": "B", "place_number": 1},
        visit("S", 9, "C"),
        visit("S", None, "D"),
        visit("S", 1, "E") | {"place_id": str(places[0].pk)},
        visit("S", 1, "F") | {"place_id": str(places[2].pk)},
    )

    assert errors_by_row(import_) == {
        0: [("place_number", "can't be blank")],
        1: [("place_region", "can't be blank")],
        2: [("place", "must exist")],
        3: [("place_number", "can't be blank")],
        4: [("place", "is given in two ways that name different records")],
    }


def test_parts_that_several_records_have_are_ambiguous(places: list[Place]) -> None:
    class ByRegion(VisitImporter):
        relations = {"place": Relation(Place, by=("region", "note"))}

    with registered(ByRegion):
        import_ = run("visits", {"name": "A", "place_region": "S", "place_note": "x"})
        Place.objects.update(note="x")
        again = run("visits", {"name": "A", "place_region": "S", "place_note": "x"})

    assert errors_by_row(import_) == {0: [("place", "must exist")]}
    assert errors_by_row(again) == {0: [("place", "is ambiguous")]}


def test_rows_of_the_same_type_name_each_other_by_parts_in_any_order() -> None:
    def place(number: int, above: int | None) -> dict[str, Any]:
        parts = {} if above is None else {"above_region": "N", "above_number": above}
        return {"region": "N", "number": number, **parts}

    import_ = run("places", place(3, 2), place(2, 1), place(1, None), place(8, 9), place(9, 8))

    circle = [("above", "leads back to the row's own record")]
    assert errors_by_row(import_) == {3: circle, 4: circle}
    found = Place.objects.order_by("number").values_list("number", "above__number")
    assert [*found] == [(1, None), (2, 1), (3, 2)]


def test_a_relation_by_parts_is_shown_and_filtered_by_and_in_the_template(
    places: list[Place],
) -> None:
    run("visits", visit("S", 1), visit("N", 1, "W"))
    caller = Caller(ApiClientFactory.create(mode=Mode.TEST))

    (found,) = caller.get("/api/visits?filter[q][place_region_eq]=S").data
    relation = caller.get("/api/resource_types/visits").data["attributes"]["relations"]["place"]
    template = caller.get("/api/visits/template.csv", Accept="text/csv").content.decode()

    assert found["attributes"] == {"name": "V", "place_region": "S", "place_number": 1}
    assert relation["parts"] == ["place_region", "place_number"]
    assert template.strip() == "name,place_number,place_region,place_id,id"


def test_failures_are_logged_under_all_parts() -> None:
    with registered(ByPlaceImporter):
        import_ = run("visits", visit("S", 1, "V"))

    assert [*import_.failures.values_list("key", flat=True)] == ["V/S/1"]


class NoFieldImporter(VisitImporter):
    relations = {"place": Relation(Place, by=("region", "town"))}


class RelationImporter(VisitImporter):
    relations = {"place": Relation(Place, by=("region", "above"))}


class ManyImporter(Importer):
    resource_type = "offers"
    model = Offer
    mode = Mode.TEST
    key = ("name",)
    many = {"brands": Relation(Brand, by=("code", "id"))}


@pytest.mark.parametrize(
    ("importer", "number", "words"),
    [
        (NoFieldImporter, 20, "'town'"),
        (RelationImporter, 47, "'above'"),
        (ManyImporter, 54, "several fields"),
    ],
)
def test_checks_say_what_can_not_be_a_part(
    importer: type[Importer], number: int, words: str
) -> None:
    found = {message.id: message.msg for message in check_importer(importer())}

    assert words in found[f"imports.E{number:03}"]


def test_checks_find_nothing_wrong() -> None:
    for name in ("places", "visits"):
        assert list(check_importer(importers.get(name))) == []
