from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils.duration import duration_iso_string
from hypothesis import given
from hypothesis import strategies as st

from imports_app.api.filters import FilterAttribute
from imports_app.api.filters.attributes import KINDS, Kind
from imports_app.api.filters.values import MAX_LENGTH, InvalidValue, boolean, parse


def attribute(kind: Kind) -> FilterAttribute:
    field: Any = next(base for base, its_kind in KINDS if its_kind is kind)
    options = {"max_digits": 6, "decimal_places": 2} if kind is Kind.DECIMAL else {}
    return FilterAttribute(
        path="value", field=field(**options), kind=kind, sortable=True, nullable=True
    )


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.BOOLEAN, "true", True),
        (Kind.BOOLEAN, "F", False),
        (Kind.ADDRESS, "192.0.2.1", "192.0.2.1"),
        (Kind.ADDRESS, "2001:DB8:0::1", "2001:db8::1"),
        (Kind.DATE, "2024-02-29", date(2024, 2, 29)),
        (Kind.DATETIME, "2024-02-29T12:00:00Z", datetime(2024, 2, 29, 12, tzinfo=UTC)),
        (Kind.DATETIME, "2024-02-29T12:00:00+02:00", datetime(2024, 2, 29, 10, tzinfo=UTC)),
        (Kind.DATETIME, "2024-02-29T12:00", datetime(2024, 2, 29, 12, tzinfo=UTC)),
        (Kind.DATETIME, "2024-02-29", datetime(2024, 2, 29, tzinfo=UTC)),
        (Kind.DURATION, "P1DT02H00M00S", timedelta(days=1, hours=2)),
        (Kind.DURATION, "-P0DT00H00M01.5S", timedelta(seconds=-1.5)),
        (Kind.FLOAT, "-1.5e3", -1500.0),
        (Kind.INTEGER, "-42", -42),
        (Kind.INTEGER, str(2**63 - 1), 2**63 - 1),
        (Kind.INTEGER, str(-(2**63)), -(2**63)),
        (Kind.JSON, '{"a": [1, null]}', {"a": [1, None]}),
        (Kind.JSON, r'["\\u0000"]', ["\\u0000"]),
        (Kind.STRING, " a,b ", " a,b "),
        (Kind.STRING, "", ""),
        (Kind.TIME, "11:30", time(11, 30)),
        (Kind.TIME, "11:30:00.000001", time(11, 30, 0, 1)),
        (
            Kind.UUID,
            "01900000-0000-7000-8000-000000000000",
            UUID("01900000-0000-7000-8000-000000000000"),
        ),
        (
            Kind.UUID,
            "0190ABCD-0000-7000-8000-00000000000F",
            UUID("0190abcd-0000-7000-8000-00000000000f"),
        ),
        (Kind.DECIMAL, "-1234.5", Decimal("-1234.5")),
        (Kind.DECIMAL, "+1e2", Decimal(100)),
    ],
)
def test_a_text_is_read_as_its_attributes_kind(kind: Kind, text: str, value: Any) -> None:
    assert parse(attribute(kind), text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.BOOLEAN, "yes"),
        (Kind.BOOLEAN, ""),
        (Kind.ADDRESS, "192.0.2"),
        (Kind.ADDRESS, "192.0.2.1/24"),
        (Kind.ADDRESS, "fe80::1%eth0"),
        (Kind.ADDRESS, ""),
        (Kind.DATE, "2023-02-29"),
        (Kind.DATE, "10000-01-01"),
        (Kind.DATETIME, "soon"),
        (Kind.DATETIME, "0000-01-01T00:00:00Z"),
        (Kind.DATETIME, "0001-01-01T00:00:00+14:00"),
        (Kind.DATETIME, "9999-12-31T23:59:59-14:00"),
        (Kind.DATETIME, "99999999999999999999"),
        (Kind.DECIMAL, "1.234"),
        (Kind.DECIMAL, "12345.6"),
        (Kind.DECIMAL, "NaN"),
        (Kind.DURATION, "1 hour"),
        (Kind.DURATION, "P999999999D"),
        (Kind.DURATION, "P99999999999D"),
        (Kind.DURATION, ""),
        (Kind.FLOAT, "nan"),
        (Kind.FLOAT, "Infinity"),
        (Kind.FLOAT, "1e999"),
        (Kind.FLOAT, "1_000"),
        (Kind.INTEGER, "1.0"),
        (Kind.INTEGER, "1_000"),
        (Kind.INTEGER, " 1"),
        (Kind.INTEGER, "\u0661"),
        (Kind.INTEGER, ""),
        (Kind.INTEGER, str(2**63)),
        (Kind.INTEGER, "9" * 5_000),
        (Kind.JSON, "{"),
        (Kind.JSON, "1"),
        (Kind.JSON, '"a"'),
        (Kind.JSON, "null"),
        (Kind.JSON, "[NaN]"),
        (Kind.JSON, "[1e999]"),
        (Kind.JSON, '["\\u0000"]'),
        (Kind.JSON, '{"\\ud800": 1}'),
        (Kind.JSON, "[" * 5_000),
        (Kind.JSON, "[" + "9" * 5_000 + "]"),
        (Kind.STRING, "a\0b"),
        (Kind.STRING, "a" * (MAX_LENGTH + 1)),
        (Kind.TIME, "25:00"),
        (Kind.TIME, "11:30:00Z"),
        (Kind.TIME, ""),
        (Kind.UUID, "1"),
        (Kind.UUID, "{01900000-0000-7000-8000-000000000000}"),
        (Kind.UUID, "01900000000070008000000000000000"),
    ],
)
def test_a_text_of_another_kind_is_refused(kind: Kind, text: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        parse(attribute(kind), text)
    assert len(str(refused.value)) < 100


@given(st.sampled_from(Kind), st.text() | st.from_regex(r"[-+]?[0-9T:.Ze{}\[\]\"\\u]*"))
def test_any_text_is_read_or_refused(kind: Kind, text: str) -> None:
    with suppress(InvalidValue):
        assert parse(attribute(kind), text) is not None


@given(st.integers(-(2**63), 2**63 - 1))
def test_every_integer_of_64_bits_is_read(number: int) -> None:
    assert parse(attribute(Kind.INTEGER), str(number)) == number


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_every_duration_that_a_column_holds_is_read_back_from_its_iso_form(number: int) -> None:
    span = timedelta(microseconds=number)
    assert parse(attribute(Kind.DURATION), duration_iso_string(span)) == span


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_moment_is_read_back_from_its_iso_form(moment: datetime) -> None:
    assert parse(attribute(Kind.DATETIME), moment.isoformat()) == moment


@pytest.mark.parametrize("text", ["true", "TRUE", "t", "1"])
def test_a_matcher_that_asks_is_answered_with_a_boolean(text: str) -> None:
    assert boolean(text) is True
