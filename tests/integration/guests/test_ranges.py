"""Ranges are objects in rows and answers, in the one form in which PostgreSQL has them."""

from collections.abc import Iterator, Sequence
from typing import Any, Required

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import Range
from typing_extensions import TypedDict

from imports_app.checks import check_importer
from imports_app.importer import Derivation, Importer
from imports_app.models import Import, Mode
from imports_app.registry import importers
from tests.factories.clients import ApiClientFactory
from tests.guests.registering import registered
from tests.guests.things import Stay, Thing
from tests.integration.api.caller import Caller
from tests.running import counts, row_errors, run_import, run_to_end

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="no other database has ranges"),
]


class ThingImporter(Importer):
    resource_type = "things"
    model = Thing
    mode = Mode.TEST
    key = ("name",)


class StayImporter(Importer):
    resource_type = "stays"
    model = Stay
    mode = Mode.TEST
    key = ("code",)


class Saved(StayImporter):
    write = "save"


class Asked(StayImporter):
    validate = "model"  # type: ignore[assignment]


WAYS = [StayImporter, Saved, Asked]


@pytest.fixture(autouse=True)
def types() -> Iterator[None]:
    with registered(ThingImporter, StayImporter):
        yield


def run(*rows: dict[str, Any], resource_type: str = "things") -> Import:
    return run_import(importers.get(resource_type), rows, skip_errors=True)


def messages(import_: Import) -> list[str]:
    return [f"{e.attribute} {e.message}" for of_row in row_errors(import_).values() for e in of_row]


def caller() -> Caller:
    return Caller(ApiClientFactory.create(mode=Mode.TEST))


@pytest.mark.parametrize(
    ("name", "given", "shown"),
    [
        ("sizes", {"lower": 5}, {"lower": 5, "upper": None, "bounds": "[)"}),
        ("sizes", {"lower": None, "upper": None}, {"lower": None, "upper": None, "bounds": "()"}),
        (
            "sizes",
            {"lower": 5, "upper": 9, "bounds": "()"},
            {"lower": 6, "upper": 9, "bounds": "[)"},
        ),
        ("sizes", {"lower": 5, "upper": 6, "bounds": "()"}, {"empty": True}),
        ("sizes", {"lower": 5, "upper": 5}, {"empty": True}),
        ("prices", {"lower": "5", "upper": "5", "bounds": "(]"}, {"empty": True}),
        (
            "prices",
            {"lower": "5.00", "upper": 5, "bounds": "[]"},
            {"lower": "5.00", "upper": "5", "bounds": "[]"},
        ),
        ("sizes", None, None),
    ],
)
def test_a_range_has_one_form(name: str, given: Any, shown: Any) -> None:
    assert counts(run({"name": "A", name: given})) == (1, 0, 0, 0)
    (record,) = caller().get("/api/things").data
    assert record["attributes"][name] == shown

    assert counts(run({"name": "A", name: given})) == (0, 0, 1, 0)
    assert counts(run({"name": "A", name: shown})) == (0, 0, 1, 0)


def test_its_decimals_are_as_exact_as_others() -> None:
    number = "1234567890.12345678901234567890"
    text = f'{{"name": "A", "prices": {{"lower": {number}}}}}'.encode()
    made = caller().post(
        "/api/imports?resource_type=things", text, media_type="application/x-ndjson"
    )
    run_to_end(Import.objects.get(pk=made.data["id"]))

    assert str(Thing.objects.get().prices.lower) == number


NEEDS = "needs lower, upper or both; null leaves an end open"
LAST = "ends with the last value that there is; null leaves an end open"


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("sizes", {"lower": 9, "upper": 7}, "sizes ends before it begins"),
        ("sizes", {}, f"sizes {NEEDS}"),
        ("sizes", {"bounds": "[]"}, f"sizes {NEEDS}"),
        ("sizes", {"empty": True, "lower": 1}, "sizes has other members than empty"),
        ("sizes", {"lower": 1, "uper": 2}, "sizes.uper is unknown"),
        ("sizes", {"lower": "a"}, "sizes.lower must be an integer"),
        ("sizes", {"lower": 2**31}, "sizes.lower must be less than or equal to 2147483647"),
        ("sizes", {"upper": 2**31 - 1, "bounds": "[]"}, f"sizes {LAST}"),
        (
            "sizes",
            {"lower": 1, "bounds": "[["},
            "sizes.bounds must be one of '[)', '(]', '()' or '[]'",
        ),
        ("sizes", "[7,9)", "sizes must be an object"),
        ("days", {"upper": "9999-12-31", "bounds": "[]"}, f"days {LAST}"),
        ("days", {"lower": "2024-02-30"}, "days.lower is not a valid ISO 8601 datetime"),
        ("hours", {"lower": "2024-02-29T10:00:00"}, "hours.lower is not a valid ISO 8601 datetime"),
        ("prices", {"lower": "1_000"}, "prices.lower is not a number"),
    ],
)
def test_what_is_no_range_fails_its_row(name: str, given: Any, message: str) -> None:
    assert messages(run({"name": "A", name: given})) == [message]


@pytest.mark.parametrize("importer", WAYS)
def test_each_way_to_write_has_them(importer: type[Importer]) -> None:
    first = {"code": "A", "nights": {"lower": "2024-05-01", "upper": "2024-05-03"}}
    longer = {"code": "A", "nights": {"lower": "2024-05-01", "upper": "2024-05-03", "bounds": "[]"}}

    with registered(importer):
        outcomes = [counts(run(row, resource_type="stays")) for row in (first, longer, longer)]

    assert outcomes == [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0)]
    assert str(Stay.objects.get().nights.upper) == "2024-05-04"


@pytest.mark.parametrize("importer", WAYS)
def test_ranges_that_must_not_meet_fail_the_row_that_meets_another(
    importer: type[Importer],
) -> None:
    rows = [
        {"code": "A", "nights": {"lower": "2024-05-01", "upper": "2024-05-03"}},
        {"code": "B", "nights": {"lower": "2024-05-02", "upper": "2024-05-05"}},
        {"code": "C", "nights": {"lower": "2024-05-03", "upper": "2024-05-05"}},
    ]

    with registered(importer):
        import_ = run(*rows, resource_type="stays")

    assert counts(import_) == (2, 0, 0, 1)
    assert [*row_errors(import_)] == [1]
    assert [*Stay.objects.order_by("code").values_list("code", flat=True)] == ["A", "C"]


@pytest.mark.parametrize("media_type", ["text/csv", "application/json"])
def test_a_file_gives_a_range_in_columns_or_as_json(media_type: str) -> None:
    body = {
        "text/csv": 'name,sizes,days.lower,days.upper\nA,"{""lower"": 7}",2024-05-01,2024-05-03\n',
        "application/json": '[{"name": "A", "sizes": {"lower": 7},'
        ' "days": {"lower": "2024-05-01", "upper": "2024-05-03"}}]',
    }[media_type]
    made = caller().post("/api/imports?resource_type=things", body.encode(), media_type=media_type)
    assert counts(run_to_end(Import.objects.get(pk=made.data["id"]))) == (1, 0, 0, 0)

    thing = Thing.objects.get()
    assert (thing.sizes.lower, thing.sizes.upper) == (7, None)
    assert [str(end) for end in (thing.days.lower, thing.days.upper)] == [
        "2024-05-01",
        "2024-05-03",
    ]


class Computed(ThingImporter):
    """What rows say, in thousands."""

    class Row(TypedDict, total=False):
        name: Required[str]
        _thousands: int

    fields = ("sizes",)

    def derive(self, rows: Sequence[Derivation]) -> None:
        for row in rows:
            number = row.instructions["_thousands"]
            row.fields["sizes"] = Range(number * 1000, number * 1000 + 1)


def test_code_may_compute_them_and_the_limits_hold() -> None:
    with registered(Computed):
        import_ = run({"name": "A", "_thousands": 7}, {"name": "B", "_thousands": 2**31})

    assert messages(import_) == ["sizes must be less than or equal to 2147483647"]
    assert Thing.objects.get().sizes.lower == 7000


class Text(StayImporter):
    class Row(TypedDict, total=False):
        code: Required[str]
        nights: Required[str]


def test_checks_refuse_another_type_than_the_field_s_own() -> None:
    (message,) = check_importer(Text())

    assert (message.id, "nights" in message.msg) == ("imports.E029", True)
    assert message.hint == "Leave it out of Row, and name it in `fields`."


def test_checks_find_nothing_wrong_with_the_field_s_own() -> None:
    assert [*check_importer(StayImporter()), *check_importer(Computed())] == []
