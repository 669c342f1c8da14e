"""Whatever the driver, Django or the database raise of a value fails its row, and no other."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from imports_app.importer import RowError
from imports_app.models import Import
from imports_app.models.status import Status
from imports_app.registry import importers
from tests.guests.models import Depot, Parcel
from tests.guests.registering import registered
from tests.guests.types import BinImporter, DepotImporter, ParcelImporter
from tests.running import row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)

FORM = "is not of the form that its column takes"

Case = tuple[dict[str, Any], tuple[str, str]]

# A row, and the attributes and messages of its errors.
ROWS: list[Case] = [
    ({"picky": "raises"}, ("picky", FORM)),
    ({"picky": "unknown to the driver"}, ("base", "can't be stored: the database refuses it")),
    (
        {"_put": {"weight": 123456.78}},
        ("weight", "is too large (maximum is 3 digits before the decimal point)"),
    ),
    ({"_put": {"weight": "1.005"}}, ("weight", "has too many decimal places (maximum is 2)")),
    ({"_put": {"weight": "heavy"}}, ("weight", "“heavy” value must be a decimal number.")),
    ({"_put": {"weight": []}}, ("weight", "“[]” value must be a decimal number.")),
    ({"_put": {"count": 2**31}}, ("count", "must be less than or equal to 2147483647")),
    ({"_put": {"count": 2**70}}, ("count", "must be less than or equal to 2147483647")),
    ({"_put": {"count": "many"}}, ("count", "“many” value must be an integer.")),
    ({"_put": {"note": "longer than ten"}}, ("note", "is too long (maximum is 10 characters)")),
    ({"_put": {"sent_at": 5}}, ("sent_at", FORM)),
    ({"_put": {"address": "192.0.2.256"}}, ("address", "is not a valid IP address")),
    ({"_put": {"needed": None}}, ("needed", "can't be blank")),
]


@pytest.fixture(autouse=True)
def types() -> Iterator[None]:
    with registered(DepotImporter, BinImporter, ParcelImporter):
        yield


def errors_of(*rows: dict[str, Any]) -> list[list[RowError]]:
    """What is wrong with each of the rows, between sound ones that take effect."""
    named = [{"name": f"bad {n}", **row} for n, row in enumerate(rows)]
    sound = [{"name": f"good {n}"} for n in range(len(rows) + 1)]
    mixed = [row for pair in zip(sound, named, strict=False) for row in pair] + sound[-1:]

    import_ = run_import(importers.get("parcels"), mixed, skip_errors=True)

    assert (import_.status, import_.interruption) == (Status.COMPLETED, "")
    found = row_errors(import_)
    assert sorted(found) == [*range(1, 2 * len(rows), 2)]
    assert set(Parcel.objects.values_list("name", flat=True)) == {row["name"] for row in sound}
    return [errors for _, errors in sorted(found.items())]


def test_values_that_can_not_be_stored_fail_their_rows() -> None:
    found = errors_of(*(row for row, _ in ROWS))

    said = [{(error.attribute, error.message) for error in errors} for errors in found]
    assert said == [{expected} for _, expected in ROWS]


@pytest.fixture
def unlucky() -> Iterator[None]:
    """A trigger of the project's own that refuses parcels with that note."""
    postgresql = """
        CREATE FUNCTION refuse_unlucky() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'none of these'; END $$;
        CREATE TRIGGER unlucky BEFORE INSERT ON guests_parcel FOR EACH ROW
        WHEN (NEW.note = '13') EXECUTE FUNCTION refuse_unlucky();
    """
    sqlite = """
        CREATE TRIGGER unlucky BEFORE INSERT ON guests_parcel WHEN NEW.note = '13'
        BEGIN SELECT RAISE(ABORT, 'none of these'); END;
    """
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(postgresql if is_postgresql else sqlite)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER unlucky" + " ON guests_parcel" * is_postgresql)
        if is_postgresql:
            cursor.execute("DROP FUNCTION refuse_unlucky")


@pytest.mark.usefixtures("unlucky")
def test_what_a_trigger_of_the_database_refuses_fails_its_row() -> None:
    ((error,),) = errors_of({"_put": {"note": "13"}})

    assert error == ("base", "refused", "can't be stored: the database refuses it")


def test_what_no_index_can_hold_fails_its_row() -> None:
    if connection.vendor != "postgresql":
        assert run_import(importers.get("parcels"), [{"name": "A", "story": "x"}]).created_count
        return
    story = "".join(chr(n % 20_000 + 256) for n in range(0, 7_000_000, 701))

    ((error,),) = errors_of({"story": story})

    assert (error.attribute, error.code) == ("base", "too_long")


@pytest.fixture
def no_east() -> Iterator[None]:
    """A rule that the database alone knows."""
    create = {
        "postgresql": "ALTER TABLE guests_depot ADD CONSTRAINT no_east CHECK (name <> 'east')",
        "sqlite": "CREATE TRIGGER no_east BEFORE INSERT ON guests_depot WHEN NEW.name = 'east'"
        " BEGIN SELECT RAISE(ABORT, 'no'); END",
    }
    drop = {
        "postgresql": "ALTER TABLE guests_depot DROP CONSTRAINT no_east",
        "sqlite": "DROP TRIGGER no_east",
    }
    with connection.cursor() as cursor:
        cursor.execute(create[connection.vendor])
    yield
    with connection.cursor() as cursor:
        cursor.execute(drop[connection.vendor])


@pytest.mark.usefixtures("no_east")
def test_a_target_that_can_not_be_made_fails_the_rows_that_ask_for_it() -> None:
    rows = [{"name": n, "depot_name": d} for n, d in (("A", "west"), ("B", "east"), ("C", "west"))]

    import_: Import = run_import(importers.get("parcels"), rows, skip_errors=True)

    assert (import_.status, import_.interruption) == (Status.COMPLETED, "")
    ((index, (error,)),) = row_errors(import_).items()
    assert (index, error.attribute, error.code) == (1, "depot", "refused")
    assert set(Parcel.objects.values_list("name", "depot__name")) == {("A", "west"), ("C", "west")}
    assert set(Depot.objects.values_list("name", flat=True)) == {"west"}
