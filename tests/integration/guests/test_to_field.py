"""A foreign key with `to_field` holds that field of its target, not its id."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from imports_app.models import Import, Mode
from imports_app.registry import importers
from tests.factories.clients import ApiClientFactory
from tests.guests.models import Bin, Depot, Truck
from tests.guests.registering import registered
from tests.guests.types import BinImporter, DepotImporter, TruckImporter
from tests.integration.api.caller import Caller
from tests.running import row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def types() -> Iterator[None]:
    with registered(DepotImporter, BinImporter, TruckImporter):
        yield


@pytest.fixture
def depots() -> tuple[Depot, Depot]:
    """Two, of which each has the other's id for its zone."""
    north, south = (Depot.objects.create(name=name, mode=Mode.TEST) for name in ("north", "south"))
    Depot.objects.filter(pk=north.pk).update(zone=str(south.pk), code="N")
    Depot.objects.filter(pk=south.pk).update(zone=str(north.pk), code="S")
    north.refresh_from_db()
    south.refresh_from_db()
    return north, south


def run(resource_type: str, *rows: dict[str, Any], **attributes: Any) -> Import:
    import_ = run_import(importers.get(resource_type), rows, **attributes)
    assert row_errors(import_) == {}
    return import_


@pytest.mark.parametrize("form", ["depot_id", "depot_name", "depot_code"])
def test_however_a_row_names_the_target_the_column_gets_what_it_refers_to(
    depots: tuple[Depot, Depot], form: str
) -> None:
    north, _ = depots
    name = {"depot_id": str(north.pk), "depot_name": "north", "depot_code": "N"}[form]

    run("bins", {"number": 1, form: name})

    assert Bin.objects.get().depot == north


def test_two_forms_that_name_one_target_agree(depots: tuple[Depot, Depot]) -> None:
    north, _ = depots

    run("bins", {"number": 1, "depot_id": str(north.pk), "depot_name": "north"})

    assert Bin.objects.get().depot == north


def test_a_target_without_what_is_referred_to_can_not_be_named() -> None:
    depot = Depot.objects.create(name="nowhere", zone=None, mode=Mode.TEST)
    rows = [{"number": 1, "depot_id": str(depot.pk)}, {"number": 2, "depot_name": "nowhere"}]

    import_ = run_import(importers.get("bins"), rows, skip_errors=True)

    messages = {error.message for errors in row_errors(import_).values() for error in errors}
    assert (import_.errors_count, messages) == (2, {"must exist"})


def test_a_record_is_found_by_a_key_with_such_a_relation(depots: tuple[Depot, Depot]) -> None:
    north, south = depots
    Bin.objects.create(depot=north, number=1, mode=Mode.TEST)
    Bin.objects.create(depot=south, number=1, mode=Mode.TEST)

    import_ = run("bins", {"number": 1, "depot_name": "north", "label": "new"})

    assert (import_.created_count, import_.updated_count) == (0, 1)
    assert Bin.objects.get(label="new").depot == north


def test_rows_of_a_parent_get_it_and_cleanup_leaves_the_others_alone(
    depots: tuple[Depot, Depot],
) -> None:
    north, _ = depots
    for depot in depots:
        Bin.objects.create(depot=depot, number=7, mode=Mode.TEST)

    import_ = run("bins", {"number": 1}, parent_resource_id=str(north.pk), cleanup_records=True)

    assert import_.destroyed_count == 1
    assert {(b.depot.name, b.number) for b in Bin.objects.all()} == {("north", 1), ("south", 7)}


def test_children_stand_under_the_row_that_brings_them(depots: tuple[Depot, Depot]) -> None:
    north, south = depots
    known = Bin.objects.create(depot=north, number=1, mode=Mode.TEST)
    Bin.objects.create(depot=south, number=1, mode=Mode.TEST)

    run(
        "depots",
        {"name": "north", "bins": [{"number": 1, "label": "old"}, {"number": 2}]},
        {"name": "west", "bins": [{"number": 3}]},
    )
    run("depots", {"name": "north", "bins": [{"id": str(known.pk), "label": "again"}]})

    found = {(b.depot.name, b.number, b.label) for b in Bin.objects.all()}
    assert found == {
        ("north", 1, "again"),
        ("north", 2, None),
        ("south", 1, None),
        ("west", 3, None),
    }


def test_a_target_that_is_made_is_referred_to(depots: tuple[Depot, Depot]) -> None:
    run("trucks", {"plate": "A", "depot_name": "east"}, {"plate": "B", "depot_name": "north"})

    assert {(t.plate, t.depot.name) for t in Truck.objects.all()} == {
        ("A", "east"),
        ("B", "north"),
    }


def test_only_records_that_are_referred_to_are_protected(depots: tuple[Depot, Depot]) -> None:
    north, _ = depots
    Truck.objects.create(plate="A", depot=north, mode=Mode.TEST)

    import_ = run("depots", {"name": "other"}, cleanup_records=True)

    assert import_.destroyed_count == 1
    assert set(Depot.objects.values_list("name", flat=True)) == {"other", "north"}
    assert [warning.key for warning in import_.warnings.all()] == ["north"]


def test_targets_are_included_by_one_query(
    depots: tuple[Depot, Depot], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number, depot in enumerate(depots):
        Bin.objects.create(depot=depot, number=number, mode=Mode.TEST)
    caller = Caller(ApiClientFactory.create(mode=Mode.TEST))

    for query in ("", "&fields[bins]=number&fields[depots]=name", "&fields[bins]=depot"):
        with django_assert_num_queries(4):  # the token's, the count's, the page's, the targets'
            document = caller.get(f"/api/bins?include=depot{query}").document
        assert [resource["attributes"]["name"] for resource in document["included"]] == [
            depot.name for depot in sorted(depots, key=lambda depot: str(depot.pk))
        ]


def test_answers_link_to_the_target_and_filters_find_by_it(depots: tuple[Depot, Depot]) -> None:
    north, _ = depots
    Bin.objects.create(depot=north, number=1, mode=Mode.TEST)
    Truck.objects.create(plate="A", mode=Mode.TEST)
    caller = Caller(ApiClientFactory.create(mode=Mode.TEST))

    (record,) = caller.get(f"/api/bins?filter[q][depot_id_eq]={north.pk}").data
    (truck,) = caller.get("/api/trucks").data

    assert record["attributes"]["depot_name"] == "north"
    assert record["relationships"]["depot"]["data"] == {"type": "depots", "id": str(north.pk)}
    assert truck["relationships"]["depot"]["data"] is None
    (same,) = caller.get("/api/bins?filter[q][depot_name_eq]=north&fields[bins]=depot").data
    assert same["relationships"] == record["relationships"]
