"""Rows that only the database refuses fail alone, however they are found among the others."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from imports_app.commerce.models import Address, Sku
from imports_app.engine.applying import searching
from imports_app.engine.planning import Drafts
from imports_app.engine.writers import WRITERS, PostgresWriter
from imports_app.outputs.selection import entries
from tests.factories.commerce import SkuFactory
from tests.integration.engine.test_query_budget import address, statements
from tests.running import Row, counts, done, row_errors

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="its writer finds such rows"),
]

TABLE = Sku._meta.db_table
# Each with an attribute of its own, which some values of `GIVEN` violate.
LAWS = f"""
    ALTER TABLE {TABLE} ADD CONSTRAINT law_check CHECK (weight < 100);
    ALTER TABLE {TABLE} ADD CONSTRAINT law_excludes EXCLUDE (image_url WITH =);
    ALTER TABLE {TABLE} ADD CONSTRAINT law_unique UNIQUE (hs_tariff_number)
        DEFERRABLE INITIALLY DEFERRED;
    ALTER TABLE {TABLE} ADD CONSTRAINT law_needs CHECK (do_not_ship IS NOT NULL);
    CREATE TABLE law_pack (size integer PRIMARY KEY);
    INSERT INTO law_pack VALUES (1), (2);
    ALTER TABLE {TABLE} ADD CONSTRAINT law_refers FOREIGN KEY (pieces_per_pack)
        REFERENCES law_pack DEFERRABLE INITIALLY DEFERRED;
    CREATE UNIQUE INDEX law_index ON {TABLE} (description);
"""
UNLAW = f"""
    DROP INDEX law_index;
    ALTER TABLE {TABLE} DROP CONSTRAINT law_check, DROP CONSTRAINT law_excludes,
        DROP CONSTRAINT law_unique, DROP CONSTRAINT law_needs, DROP CONSTRAINT law_refers;
    DROP TABLE law_pack;
"""
TRIGGER = f"""
    CREATE FUNCTION law_raises() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.name = 'raises' THEN
            RAISE EXCEPTION 'none of these';
        ELSIF NEW.name = 'divides' THEN
            NEW.weight := 1 / length(substr(NEW.name, 9));
        ELSIF NEW.name = 'names' THEN
            RAISE check_violation USING CONSTRAINT = 'law_nowhere';
        ELSIF NEW.name = 'lacks' THEN
            RAISE not_null_violation USING COLUMN = 'name';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER law_raises BEFORE INSERT OR UPDATE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION law_raises();
"""
NO_TRIGGER = f"DROP TRIGGER law_raises ON {TABLE}; DROP FUNCTION law_raises"
ROWS = 60
LONG = "".join(chr(n % 20_000 + 256) for n in range(0, 7_000_000, 701))  # for any index
# No row takes a value that another gives up: who of them comes first, no table says.
GIVEN: dict[str, list[Any]] = {
    "name": ["n", "m", "raises", "divides", "names", "lacks"],
    "weight": [1.5, 50, 100],
    "image_url": ["a", "b", "taken"],
    "hs_tariff_number": ["1", "2", "taken"],
    "pieces_per_pack": [1, 2, 3],
    "description": ["d", "e", "taken", LONG],
}


@pytest.fixture(params=["constraints", "constraints and a trigger"])
def laws(request: pytest.FixtureRequest) -> Iterator[None]:
    with_trigger = "trigger" in request.param
    with connection.cursor() as cursor:
        cursor.execute(LAWS + TRIGGER * with_trigger)
    yield
    Sku.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(UNLAW + NO_TRIGGER * with_trigger)


class Trying(PostgresWriter):
    """Has the refused rows found by trying to write fewer and fewer of them."""

    def refused(self, _: Drafts) -> dict[int, Any]:
        return {}


def some(seed: int) -> list[Row]:
    """Rows of which the more are refused the greater the seed; for every other there is a record,
    and some are the same as that.
    """
    chance = random.Random(seed)
    rows: list[Row] = []
    for n in range(ROWS):
        row: Row = {"code": f"C{n}", "name": "n", "do_not_ship": chance.random() > seed / 100}
        for name, values in GIVEN.items():
            if chance.random() < seed / 20:
                row[name] = chance.choice(values)
        rows.append(row)
    chance.shuffle(rows)
    return rows


def outcome(rows: list[Row]) -> dict[str, Any]:
    """All that an import of the rows makes of what is there."""
    Sku.objects.all().delete()
    plain = {**dict.fromkeys(GIVEN), "name": "n", "do_not_ship": True}
    taken = dict.fromkeys(("image_url", "hs_tariff_number", "description"), "taken")
    SkuFactory.create(code="first", **plain | taken)
    for n in range(0, ROWS, 2):
        SkuFactory.create(code=f"C{n}", **plain)
    import_ = done("skus", *rows)
    codes = Sku.objects.order_by("pk").values_list("code", flat=True)  # new ones in their order
    changes = {
        each.key: (each.action, {name: each.changes.get(name) for name in GIVEN})
        for each in entries(import_)
    }
    records = Sku.objects.order_by("code").values("code", "do_not_ship", *GIVEN)
    return {
        "counts": counts(import_),
        "errors": row_errors(import_),
        "records": [*records],
        "codes": [*codes],
        "changes": changes,
    }


@pytest.mark.usefixtures("laws")
@pytest.mark.parametrize("seed", [1, 4, 8, 12, 16, 20])
def test_found_by_the_server_or_by_trying_the_same_rows_fail_with_the_same_errors(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = some(seed)
    found = outcome(rows)
    monkeypatch.setitem(WRITERS, "postgresql", Trying)

    assert found["errors"]
    assert found == outcome(rows)


def refused(count: int) -> list[Row]:
    return [
        {"code": f"C{n}", "name": "n", "weight": 100, "do_not_ship": True} for n in range(count)
    ]


@pytest.mark.usefixtures("laws")
def test_refused_rows_cost_no_statement_each() -> None:
    few, many = (statements(refused(count), skip_errors=True) for count in (3, 1_500))

    assert len(many) <= len(few)


@pytest.mark.usefixtures("laws")
def test_a_unique_value_of_the_databases_own_is_looked_up_once_a_constraint() -> None:
    """Which columns it is about, only the database knows."""
    rows = [
        {"code": f"C{n}", "hs_tariff_number": "1", "name": "n", "do_not_ship": True}
        for n in range(9)
    ]

    texts = statements(rows, skip_errors=True)

    assert len([text for text in texts if "pg_constraint" in text]) <= 1
    assert Sku.objects.get().code == "C0"


@pytest.mark.usefixtures("laws")
def test_more_rows_than_are_searched_at_once_are_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "SEARCHED", 7)
    rows = some(8)
    divided = outcome(rows)
    monkeypatch.undo()

    assert divided == outcome(rows)


@pytest.mark.usefixtures("laws")
def test_refused_rows_are_found_by_trying_without_pl_pgsql() -> None:
    rows = some(8)
    expected = outcome(rows)
    with connection.cursor() as cursor:
        cursor.execute("ALTER LANGUAGE plpgsql RENAME TO plpgsql_that_is_gone")
    try:
        found = outcome(rows)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER LANGUAGE plpgsql_that_is_gone RENAME TO plpgsql")

    assert found == expected


@pytest.fixture
def address_law() -> Iterator[None]:
    table = Address._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT law_address CHECK (company <> 'bad')")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT law_address")


def addresses(count: int) -> list[Row]:
    """Rows that each bring an address, every other of which is refused."""
    rows = [address(number) for number in range(count)]
    for row in rows[::2]:
        row["address"]["company"] = "bad"
    return rows


@pytest.mark.usefixtures("address_law")
def test_refused_targets_cost_no_statement_each() -> None:
    few, many = (
        statements(addresses(count), resource_type="customer_addresses", skip_errors=True)
        for count in (6, 300)
    )

    assert len(many) <= len(few)
    assert Address.objects.count() == 150  # the first are among the others
