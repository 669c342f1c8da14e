"""Fields of all kinds: a cell of the table is a test, or a reason why it isn't possible."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps.registry import Apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from imports_app.checks import check_importer
from imports_app.importer import Importer, Relation
from imports_app.models import Import, Mode
from imports_app.registry import importers
from imports_app.services.undoing import undo_import
from tests.factories.clients import ApiClientFactory
from tests.guests.registering import registered
from tests.guests.things import Note, Thing
from tests.integration.api.caller import Caller
from tests.running import counts, row_errors, run_import, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)


class ThingImporter(Importer):
    resource_type = "things"
    model = Thing
    mode = Mode.TEST
    key = ("name",)


@dataclass(frozen=True)
class Kind:
    """A field, two values of a row, and how the second is shown.

    Attributes:
        filters: whether lists can be filtered by it; otherwise it has no matcher.
        links: whether a row can name a record by it: what isn't hashable can't.
    """

    field: str
    first: Any
    second: Any
    shown: Any
    filters: bool = True
    links: bool = True


KINDS = [
    Kind("whole", 1, 7, 7),
    Kind("money", "1.5", 2.5, "2.50"),
    Kind("day", "2024-02-29", "2024-03-01T00:00:00", "2024-03-01"),
    Kind("moment", "2024-02-29T10:00:00Z", "2024-02-29T10:00:00+02:00", "2024-02-29T08:00:00.000Z"),
    Kind("hour", "10:00", "11:30:00", "11:30:00"),
    Kind("span", "PT1H", "P1DT2H", "P1DT02H00M00S"),
    Kind("blob", "AAE=", "/w==", "/w==", filters=False, links=False),
    Kind("address", "192.0.2.1", "2001:DB8::1", "2001:db8::1"),
    Kind("token", f"{1:032x}", f"{2:032x}", "00000000-0000-0000-0000-000000000002"),
    Kind("file", "things/a.pdf", "things/b.pdf", "things/b.pdf"),
    Kind("picture", "things/a.png", "things/b.png", "things/b.png"),
    Kind("data", {"a": 1}, {"b": [2]}, {"b": [2]}, links=False),
]
OF_POSTGRESQL = [
    Kind("words", ["a"], ["b", None], ["b", None], filters=False, links=False),
    Kind(
        "sizes",
        {"lower": 7, "upper": 9, "bounds": "[)"},
        {"lower": 7, "upper": 9, "bounds": "[]"},
        {"lower": 7, "upper": 10, "bounds": "[)"},
        filters=False,
        links=False,
    ),
    Kind(
        "prices",
        {"lower": "1.5", "upper": None, "bounds": "[)"},
        {"upper": 2.25, "bounds": "(]"},
        {"lower": None, "upper": "2.25", "bounds": "(]"},
        filters=False,
        links=False,
    ),
    Kind(
        "days",
        {"lower": "2024-02-27", "upper": "2024-03-01", "bounds": "[)"},
        {"lower": "2024-02-27", "upper": "2024-02-29T00:00:00", "bounds": "(]"},
        {"lower": "2024-02-28", "upper": "2024-03-01", "bounds": "[)"},
        filters=False,
        links=False,
    ),
    Kind(
        "hours",
        {"empty": True},
        {"lower": "2024-02-29T10:00:00+02:00", "upper": "2024-02-29T09:00:00Z"},
        {"lower": "2024-02-29T08:00:00.000Z", "upper": "2024-02-29T09:00:00.000Z", "bounds": "[)"},
        filters=False,
        links=False,
    ),
]
POSSIBLE = [*KINDS, *(OF_POSTGRESQL if connection.vendor == "postgresql" else ())]


@pytest.fixture(autouse=True)
def types() -> Iterator[None]:
    with registered(ThingImporter):
        yield


def run(resource_type: str, row: dict[str, Any]) -> tuple[int, int, int, int]:
    import_ = run_import(importers.get(resource_type), [row], skip_errors=True)
    assert row_errors(import_) == {}
    return counts(import_)


def caller() -> Caller:
    return Caller(ApiClientFactory.create(mode=Mode.TEST))


@pytest.fixture(params=POSSIBLE, ids=lambda kind: kind.field)
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture
def thing(kind: Kind) -> Thing:
    """Made and updated by rows."""
    assert run("things", {"name": "A", kind.field: kind.first}) == (1, 0, 0, 0)
    assert run("things", {"name": "A", kind.field: kind.second}) == (0, 1, 0, 0)
    assert run("things", {"name": "A", kind.field: kind.second}) == (0, 0, 1, 0)
    found: Thing = Thing.objects.get()
    return found


def test_a_value_is_created_updated_and_shown(kind: Kind, thing: Thing) -> None:
    (record,) = caller().get("/api/things").data

    assert record["attributes"][kind.field] == kind.shown


# A default of the database's is only known afterwards; without one the writer may tell by itself.
TELLING = [{}, {"made_at": "2024-02-29T10:00:00Z"}]


@pytest.mark.parametrize("given", TELLING, ids=["by two looks", "by the writer"])
def test_an_import_s_changes_show_it_and_an_undo_puts_it_back(
    kind: Kind, given: dict[str, Any]
) -> None:
    rows = [{"name": "A", kind.field: value, **given} for value in (kind.first, kind.second)]
    created = run_import(importers.get("things"), rows[:1])
    before = Thing.objects.values().get()
    updated = run_import(importers.get("things"), rows[1:])

    (old, new), (first, last) = (
        caller().get(f"/api/imports/{made.pk}/changes").data[0]["attributes"]["changes"][kind.field]
        for made in (created, updated)
    )
    assert (old, new, last) == (None, first, kind.shown)

    undo = run_to_end(undo_import(import_=updated))
    assert (counts(undo), undo.warnings_count) == ((0, 1, 0, 0), 0)
    assert Thing.objects.values().get() == before
    undo = run_to_end(undo_import(import_=created))
    assert (undo.destroyed_count, undo.warnings_count) == (1, 0)


def test_a_file_of_records_is_understood_when_it_comes_back(kind: Kind, thing: Thing) -> None:
    Thing.objects.update(made_at=datetime(2024, 3, 1, tzinfo=UTC))  # answers have milliseconds
    before = Thing.objects.values().get()
    file = caller().get("/api/things", accept="text/csv").content

    made = caller().post("/api/imports?resource_type=things", file, media_type="text/csv")

    import_ = run_to_end(Import.objects.get(pk=made.data["id"]))
    assert (row_errors(import_), counts(import_)) == ({}, (0, 0, 1, 0))
    assert Thing.objects.values().get() == before


def test_lists_are_filtered_by_it_or_say_that_they_can_not_be(kind: Kind, thing: Thing) -> None:
    Thing.objects.create(name="B")
    value = '{"b":[2]}' if kind.field == "data" else kind.shown
    matcher = "jcont" if kind.field == "data" else "eq"

    query = urlencode({f"filter[q][{kind.field}_{matcher}]": value})
    answer = caller().get(f"/api/things?{query}")

    if kind.filters:
        assert [record["attributes"]["name"] for record in answer.data] == ["A"]
    else:
        assert answer.status == 400
        assert kind.field in answer.document["errors"][0]["detail"]


def test_rows_link_to_a_record_by_it_or_a_check_says_that_they_can_not(
    kind: Kind, thing: Thing
) -> None:
    Thing.objects.create(name="B")

    class NoteImporter(Importer):
        resource_type = "notes"
        model = Note
        mode = Mode.TEST
        key = ("name",)
        relations = {"thing": Relation(Thing, by=kind.field)}

    if not kind.links:
        (message,) = check_importer(NoteImporter())
        assert (message.id, kind.field in message.msg) == ("imports.E047", True)
        return
    with registered(NoteImporter):
        assert run("notes", {"name": "N", f"thing_{kind.field}": kind.second}) == (1, 0, 0, 0)
    assert Note.objects.get().thing == thing


def test_a_generated_field_is_shown_and_filtered_by() -> None:
    run("things", {"name": "A", "whole": 2})
    run("things", {"name": "B", "whole": 3})

    (record,) = caller().get("/api/things?filter[q][doubled_eq]=6").data

    assert (record["attributes"]["name"], record["attributes"]["doubled"]) == ("B", 6)
    assert record["attributes"]["made_at"].startswith("20")


def test_a_moment_is_no_day_unless_it_is_midnight_nor_a_day_a_moment() -> None:
    rows = [{"name": "A", "day": "2024-03-01T10:00:00"}, {"name": "B", "moment": "2024-03-01"}]

    import_ = run_import(importers.get("things"), rows, skip_errors=True)

    said = [(e.attribute, e.code) for errors in row_errors(import_).values() for e in errors]
    assert said == [("day", "invalid_datetime"), ("moment", "invalid_datetime")]


class Computed(ThingImporter):
    fields = ("name", "doubled")


def test_checks_refuse_what_no_row_can_give_by_its_name() -> None:
    assert list(check_importer(importers.get("things"))) == []
    (message,) = check_importer(Computed())
    assert (message.id, "doubled" in message.msg) == ("imports.E041", True)


class Wordy(models.Model):
    """Has no table."""

    name = models.CharField(max_length=20, unique=True)
    words = ArrayField(models.CharField(max_length=5), null=True)

    class Meta:
        apps = Apps()
        app_label = "guests"

    def __str__(self) -> str:
        return self.name


def test_checks_refuse_what_only_postgresql_has_elsewhere() -> None:
    class WordyImporter(Importer):
        resource_type = "wordy"
        model = Wordy
        mode = Mode.TEST
        key = ("name",)

    found = [(message.id, message.msg) for message in check_importer(WordyImporter())]

    said = "WordyImporter: words is a field that only PostgreSQL has: ArrayField."
    is_there = connection.vendor == "postgresql"
    assert found == ([] if is_there else [("imports.E046", said)])
