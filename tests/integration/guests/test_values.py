"""What a field can hold is the same on every database, and is given back as it was.

The expectations know of no database; the suite holds each of them against them.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imports_app.models import Import, Mode
from imports_app.services import ImportOrder, create_import
from tests.factories.clients import ApiClientFactory
from tests.guests.models import Basket, Sample
from tests.guests.registering import registered
from tests.guests.types import BasketImporter, SampleImporter
from tests.integration.api.caller import Caller
from tests.running import row_errors, run_import, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)

AT_LEAST = "must be greater than or equal to {}"
AT_MOST = "must be less than or equal to {}"
PLACES = "has too many decimal places (maximum is {})"
LARGE = "is too large (maximum is {} digits before the decimal point)"
MOMENT = "is not a valid ISO 8601 datetime"

# A field, the JSON text of a value, and how it is shown again.
HELD = [
    ("small", "-32768", -32768),
    ("small", "32767", 32767),
    ("positive_small", "0", 0),
    ("positive_small", "32767", 32767),
    ("integer", "-2147483648", -2147483648),
    ("integer", "2147483647", 2147483647),
    ("positive", "2147483647", 2147483647),
    ("big", "-9223372036854775808", -9223372036854775808),
    ("big", "9223372036854775807", 9223372036854775807),
    ("positive_big", "9223372036854775807", 9223372036854775807),
    ("price", "0.1", "0.10"),
    ("price", '"0.1"', "0.10"),
    ("price", "999999.99", "999999.99"),
    ("price", "-999999.99", "-999999.99"),
    ("price", "1.5000000000000000000", "1.50"),
    ("price", "12e2", "1200.00"),
    ("price", "7", "7.00"),
    ("price", '" 7 "', "7.00"),
    ("share", "0.1234567891", "0.1234567891"),
    ("share", "12345.0000000001", "12345.0000000001"),
    ("number", "0.1", 0.1),
    ("number", "-1.7976931348623157e308", -1.7976931348623157e308),
    ("number", "9223372036854775808", 9223372036854775808.0),
    ("text", '"short"', "short"),
    ("slug", '"12345"', "12345"),
    ("limited", "10", 10),
    ("limited", "20", 20),
    ("coded", '"ABC"', "ABC"),
    ("day", '"0001-01-01"', "0001-01-01"),
    ("day", '"9999-12-31"', "9999-12-31"),
    ("moment", '"2024-02-29T23:30:00.123456-05:00"', "2024-03-01T04:30:00.123Z"),
    ("moment", '"9999-12-31T23:59:59Z"', "9999-12-31T23:59:59.000Z"),
    ("hour", '"23:59:59.999999"', "23:59:59.999999"),
    ("duration", '"P1DT2H"', "P1DT02H00M00S"),
    ("duration", '"-P106751991D"', "-P106751991DT00H00M00S"),
    ("token", '"550E8400-E29B-41D4-A716-446655440000"', "550e8400-e29b-41d4-a716-446655440000"),
    ("address", '"192.0.2.1"', "192.0.2.1"),
    ("address", '"2001:0DB8::0001"', "2001:db8::1"),
    ("address_4", '"192.0.2.1"', "192.0.2.1"),
    ("data", '{"a":[1,"\\u00fc",null]}', {"a": [1, "ü", None]}),
]

# A field, the JSON text of a value, and what is said of it.
REFUSED = [
    ("small", "-32769", AT_LEAST.format(-32768)),
    ("small", "32768", AT_MOST.format(32767)),
    ("positive_small", "-1", AT_LEAST.format(0)),
    ("positive_small", "32768", AT_MOST.format(32767)),
    ("integer", "2147483648", AT_MOST.format(2147483647)),
    ("integer", "-2147483649", AT_LEAST.format(-2147483648)),
    ("positive", "-1", AT_LEAST.format(0)),
    ("positive", "2147483648", AT_MOST.format(2147483647)),
    ("big", "9223372036854775808", AT_MOST.format(9223372036854775807)),
    ("positive_big", "-1", AT_LEAST.format(0)),
    ("price", "0.001", PLACES.format(2)),
    ("price", '"0.005"', PLACES.format(2)),
    ("price", "1000000", LARGE.format(6)),
    ("price", "-1e20", LARGE.format(6)),
    ("price", "1e-400", PLACES.format(2)),
    ("price", '"1e-9999"', PLACES.format(2)),
    ("price", '"NaN"', "is not a number"),
    ("price", '"Infinity"', "is not a number"),
    ("price", '"1_000"', "is not a number"),
    ("price", '"1,5"', "is not a number"),
    ("price", '"\\u0661"', "is not a number"),
    ("price", "true", "is not a number"),
    ("share", "0.12345678911", PLACES.format(10)),
    ("text", '"longer"', "is too long (maximum is 5 characters)"),
    ("slug", '"123456"', "is too long (maximum is 5 characters)"),
    ("limited", "9", AT_LEAST.format(10)),
    ("limited", "21", AT_MOST.format(20)),
    ("coded", '"abc"', "has other letters {}"),
    ("day", '"0000-01-01"', MOMENT),
    ("day", '"10000-01-01"', MOMENT),
    ("moment", '"2024-02-29T23:30:00"', MOMENT),
    ("moment", '"10000-01-01T00:00:00Z"', MOMENT),
    ("moment", '"0001-01-01T00:00:00+01:00"', "is out of range"),
    ("moment", '"9999-12-31T23:59:59-01:00"', "is out of range"),
    ("hour", '"10:00:00+02:00"', "must be a time without an offset from UTC"),
    ("hour", '"24:00"', "is not a valid ISO 8601 time"),
    ("duration", '"P106751992D"', "is out of range"),
    ("duration", '"soon"', "is not a valid ISO 8601 duration"),
    ("token", '"550e8400"', "is not a valid UUID"),
    ("address", '"192.0.2.256"', "is not a valid IP address"),
    ("address", '"192.0.2.0/24"', "is not a valid IP address"),
    ("address", '"fe80::1%eth0"', "is not a valid IP address"),
    ("address_4", '"2001:db8::1"', "is not a valid IP address"),
    ("data", '{"a":1e999}', "holds a number that is not finite"),
]


@pytest.fixture(autouse=True)
def samples() -> Iterator[None]:
    with registered(SampleImporter):
        yield


def run(values: list[tuple[str, str]]) -> Import:
    """A row for each field and JSON text."""
    rows = [f'{{"name":"{n}","{field}":{text}}}' for n, (field, text) in enumerate(values)]
    order = ImportOrder(
        resource_type="samples", rows=[row.encode() for row in rows], skip_errors=True
    )
    return run_to_end(create_import(order=order, mode=Mode.TEST))


def shown() -> dict[int, dict[str, Any]]:
    """The attributes of the records by the row that made them."""
    caller = Caller(ApiClientFactory.create(mode=Mode.TEST))
    pages = [
        caller.get(f"/api/samples?page[number]={n}&sort=id&page[size]=25") for n in range(1, 5)
    ]
    records = [record["attributes"] for page in pages for record in page.data]
    return {int(record["name"]): record for record in records}


def test_a_value_that_fits_is_stored_and_shown_exactly() -> None:
    values = [(field, text) for field, text, _ in HELD]

    import_ = run(values)

    assert row_errors(import_) == {}
    records = shown()
    found = [(field, text, records[n][field]) for n, (field, text) in enumerate(values)]
    assert found == HELD
    again = run(values)
    assert (again.unchanged_count, again.updated_count) == (len(values), 0)


def test_a_value_that_does_not_fit_fails_its_row_with_the_reason() -> None:
    values = [(field, text) for field, text, _ in REFUSED]

    import_ = run([*values, ("text", '"short"')])

    errors = row_errors(import_)
    found = {
        (*values[n], ", ".join(e.message for e in of_row if e.attribute == values[n][0]))
        for n, of_row in errors.items()
    }
    assert found == set(REFUSED)
    assert import_.created_count == Sample.objects.count() == 1


def fits_price(value: Decimal) -> bool:
    return abs(value) < 10**6 and value == round(value, 2)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(
        st.one_of(
            st.decimals(allow_nan=False, allow_infinity=False),
            st.decimals(-(10**6), 10**6, places=2),
            st.decimals(-(10**6), 10**6, places=3),
        ),
        min_size=1,
        max_size=50,
    ),
    quoted=st.booleans(),
)
def test_every_decimal_is_kept_exactly_or_refused(*, values: list[Decimal], quoted: bool) -> None:
    Sample.objects.all().delete()
    texts = [str(value) for value in values]

    import_ = run([("price", f'"{text}"' if quoted else text) for text in texts])

    stored = {int(name): price for name, price in Sample.objects.values_list("name", "price")}
    assert stored == {n: value for n, value in enumerate(values) if fits_price(value)}
    assert import_.errors_count == len(values) - len(stored)


RANGES = {
    "small": (-(2**15), 2**15),
    "positive_small": (0, 2**15),
    "integer": (-(2**31), 2**31),
    "positive": (0, 2**31),
    "big": (-(2**63), 2**63),
    "positive_big": (0, 2**63),
}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([*RANGES]), st.integers()), min_size=1, max_size=50))
def test_every_integer_is_kept_or_refused(values: list[tuple[str, int]]) -> None:
    Sample.objects.all().delete()

    run([(field, str(value)) for field, value in values])

    stored = {int(record["name"]): record for record in Sample.objects.values()}
    fitting = {
        n: value
        for n, (field, value) in enumerate(values)
        if RANGES[field][0] <= value < RANGES[field][1]
    }
    assert {n: record[values[n][0]] for n, record in stored.items()} == fitting


def test_sqlite_refuses_digits_that_it_could_not_give_back() -> None:
    import_ = run([("share", "1234567890.1234567891")])

    if connection.vendor == "sqlite":
        ((error,),) = row_errors(import_).values()
        assert error.message == "has more than 15 digits, which SQLite can't keep exactly"
    else:
        assert Sample.objects.get().share == Decimal("1234567890.1234567891")


def test_an_item_that_an_array_can_not_hold_fails_its_row() -> None:
    rows: list[dict[str, Any]] = [
        {"name": "A", "colours": ["red", None, "blue"]},
        {"name": "B", "colours": ["red", "yellow"]},
        {"name": "C", "colours": ["red"] * 4},
    ]

    with registered(BasketImporter):
        import_ = run_import(BasketImporter(), rows, skip_errors=True)

    found = {
        index: [(error.attribute, error.message) for error in errors]
        for index, errors in row_errors(import_).items()
    }
    if connection.vendor == "postgresql":
        assert found == {
            1: [("colours", "[1] is too long (maximum is 5 characters)")],
            2: [("colours", "has too many items (maximum is 3)")],
        }
    else:  # a JSONField stands there, which holds any
        assert found == {}
    assert Basket.objects.get(name="A").colours == ["red", None, "blue"]
