"""Every comparison against every value, held against what Python says of the same rows."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from imports_app.api.filters import FilterAttribute
from imports_app.api.filters.matchers import MATCHERS
from imports_app.api.filters.values import InvalidValue
from imports_app.commerce.models import Sku
from tests.factories.commerce import ShippingCategoryFactory, SkuFactory
from tests.guests.models import Sample
from tests.integration.api.filters.semantics import (
    EQUALITY,
    LIKE,
    LISTS,
    ORDER,
    TEXT,
    check,
    found,
    in_pairs,
    singly,
    store,
)

pytestmark = pytest.mark.django_db

TEXTS = ("", "a", "A", "ab", "Ab_", "a%", "%", "_", "b\\", "\\", "a,b", "a.c", "c\nab", "it's")
PATTERNS = ("%", "_", "a%", "%B", "_b%", "a\\%", "\\_", "%\\\\", "", "a.c", "%ab", "a_b")
NUMBERS = (-(2**31), -1, 0, 1, 2, 2**31 - 1)
MOMENT = datetime(2024, 2, 29, 23, 59, 59, 123_000, tzinfo=UTC)
MOMENTS = tuple(
    MOMENT + timedelta(microseconds=distance) for distance in (-1_000, -1, 0, 1, 999, 1_000, 10**9)
)


@pytest.mark.parametrize("path", ["name", "description"])
def test_text_compares_as_it_would_in_python(path: str) -> None:
    check(path, TEXTS, singly({**EQUALITY, **TEXT}, {text: text for text in TEXTS}))


@pytest.mark.parametrize("path", ["name", "description"])
def test_patterns_match_as_in_sql(path: str) -> None:
    check(path, TEXTS, singly(LIKE, {pattern: pattern for pattern in PATTERNS}))


def test_any_and_all_of_several_texts() -> None:
    given = {text: text for text in ("", "a", "b", "%", "\\")}

    check("description", TEXTS, in_pairs({**EQUALITY, **TEXT}, given))


def test_any_and_all_of_several_patterns() -> None:
    check("description", TEXTS, in_pairs(LIKE, {text: text for text in ("%", "a%", "_", "\\%")}))


def test_numbers_compare_whatever_their_size() -> None:
    numbers = (*NUMBERS, 2**31, 2**63 - 1, -(2**63))

    check("pieces_per_pack", NUMBERS, singly({**EQUALITY, **ORDER}, {str(n): n for n in numbers}))


def test_any_and_all_of_several_numbers() -> None:
    given = {str(n): n for n in (-1, 1, 2**40)}

    check("pieces_per_pack", NUMBERS, in_pairs({**EQUALITY, **ORDER}, given))


def test_fractions_compare() -> None:
    given = {"0.5": 0.5, "-1": -1.0, "1e2": 100.0}

    check("weight", (-1.0, 0.0, 0.5, 99.5, 100.0), singly({**EQUALITY, **ORDER}, given))


def test_times_of_day_compare() -> None:
    given = {text: time.fromisoformat(text) for text in ("00:00", "11:30:00", "23:59:59.999999")}
    values = (*given.values(), time(11, 30, 0, 1))

    check("hour", values, singly({**EQUALITY, **ORDER}, given), of=Sample)


def test_durations_compare_whatever_their_sign() -> None:
    given = {
        "-P1DT00H00M00S": timedelta(days=-1),
        "PT0S": timedelta(),
        "P100DT00H00M00.000001S": timedelta(days=100, microseconds=1),
    }
    values = (*given.values(), timedelta(days=100))

    check("duration", values, singly({**EQUALITY, **ORDER}, given), of=Sample)


def test_addresses_are_found_in_every_form_of_theirs() -> None:
    values = ("192.0.2.1", "192.0.2.10", "2001:db8::1")
    given = {"192.0.2.1": "192.0.2.1", "2001:DB8:0::1": "2001:db8::1", "::1": "::1"}

    lists = {"::1,2001:DB8::1": ["::1", "2001:db8::1"]}

    check("address", values, [*singly(EQUALITY, given), *singly(LISTS, lists)], of=Sample)


def test_lists_of_numbers() -> None:
    given = {"1": [1], "0,1,2": [0, 1, 2], f"1,{2**62}": [1, 2**62]}

    check("pieces_per_pack", NUMBERS, singly(LISTS, given))


def test_lists_of_texts() -> None:
    given = {"": [""], "a,A": ["a", "A"], "ab,nothing": ["ab", "nothing"], ",": ["", ""]}

    check("description", TEXTS, singly(LISTS, given))


def test_datetimes_compare_by_the_millisecond_that_answers_show() -> None:
    stored = store("updated_at", MOMENTS)

    def shown(moment: datetime) -> datetime:
        return moment.replace(microsecond=moment.microsecond // 1_000 * 1_000)

    for name, test in {**EQUALITY, **ORDER}.items():
        for given in {shown(moment) for moment in MOMENTS}:
            expected = [moment for moment in stored if test(shown(moment), given)]
            assert found("updated_at", name, given.isoformat()) == expected, (name, given)
    assert found("updated_at", "in", f"{MOMENT.isoformat()},2000-01-01") == list(MOMENTS[2:5])
    assert found("updated_at", "not_in", MOMENT.isoformat()) == [*MOMENTS[:2], *MOMENTS[5:]]


def test_decimals_compare_exactly_whatever_their_form() -> None:
    prices = [Decimal(text) for text in ("-999999.99", "-0.01", "0.00", "0.10", "0.30", "1.50")]
    given = {text: Decimal(text) for text in ("0.1", "0.30", "+1.5", "15e-1", "-1e2", "0", "-0.01")}

    check("price", prices, singly({**EQUALITY, **ORDER}, given), of=Sample)


def test_decimals_of_as_many_digits_as_sqlite_holds_compare_exactly() -> None:
    shares = [Decimal(text) for text in ("0.1000000000", "0.1000000001", "99999.9999999999")]
    given = {str(share): share for share in shares}

    check("share", shares, singly({**EQUALITY, **ORDER}, given), of=Sample)


def test_any_and_all_of_several_decimals_and_lists_of_them() -> None:
    prices = [Decimal(text) for text in ("0.10", "0.30", "1.50")]
    given = {text: Decimal(text) for text in ("0.1", "1.5", "7")}
    lists = {"0.1": [prices[0]], "0.10,1.5,7": [prices[0], prices[2]]}
    cases = [*in_pairs({**EQUALITY, **ORDER}, given), *singly(LISTS, lists)]

    check("price", prices, cases, of=Sample)


DAYS = (date(1, 1, 1), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(9999, 12, 31))


def test_dates_compare() -> None:
    given = {day.isoformat(): day for day in DAYS}

    check("day", DAYS, singly({**EQUALITY, **ORDER}, given), of=Sample)


def test_any_and_all_of_several_dates_and_lists_of_them() -> None:
    given = {day.isoformat(): day for day in DAYS[1:3]}
    lists = {"2024-02-29": [DAYS[2]], "2024-02-28,9999-12-31,2000-01-01": [DAYS[1], DAYS[4]]}

    cases = [*in_pairs({**EQUALITY, **ORDER}, given), *singly(LISTS, lists)]
    check("day", DAYS, cases, of=Sample)


def test_ids_compare_in_either_case() -> None:
    tokens = [UUID(int=0), UUID("0190aaaa-0000-7000-8000-00000000000f"), UUID(int=2**128 - 1)]
    given = {form(str(token)): token for token in tokens for form in (str.lower, str.upper)}
    lists = {",".join(given): tokens, str(tokens[1]).upper(): [tokens[1]]}

    cases = [*singly({**EQUALITY, **ORDER}, given), *singly(LISTS, lists)]
    check("token", tokens, cases, of=Sample)


def test_any_and_all_of_several_ids() -> None:
    tokens = [UUID(int=number) for number in range(3)]
    given = {str(token): token for token in tokens[1:]}

    check("token", tokens, in_pairs({**EQUALITY, **ORDER}, given), of=Sample)


def test_lists_of_datetimes_go_by_the_millisecond_and_let_null_in_if_asked_to() -> None:
    def shown(moment: datetime) -> datetime:
        return moment.replace(microsecond=moment.microsecond // 1_000 * 1_000)

    tests = {
        "in": lambda value, given: shown(value) in given,
        "not_in": lambda value, given: shown(value) not in given,
    }
    others = datetime(2000, 1, 1, tzinfo=UTC)
    given = {
        MOMENT.isoformat(): [MOMENT],
        f"{MOMENT.isoformat()},2000-01-01": [MOMENT, others],
        "2000-01-01": [others],
    }

    check("moment", MOMENTS, singly(tests, given), of=Sample)


@pytest.mark.parametrize("matcher", ["eq", "lt", "lteq", "gt", "gteq", "in"])
@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"])
def test_the_first_and_the_last_moment_can_be_compared_with(matcher: str, text: str) -> None:
    stored = store("updated_at", [MOMENT])

    past = matcher.startswith("gt") and text < "2024"
    future = matcher.startswith("lt") and text > "2024"
    assert found("updated_at", matcher, text) == (stored if past or future else [])


def test_a_relation_that_is_not_there_is_null_in_all_it_leads_to() -> None:
    SkuFactory.create(code="none", shipping_category=None)
    category = ShippingCategoryFactory.create(name="heavy", code=None)
    SkuFactory.create(code="heavy", shipping_category=category)

    def codes(path: str, matcher: str, text: str) -> list[str]:
        attribute = FilterAttribute.of(Sku, f"shipping_category__{path}")
        condition = MATCHERS[matcher].condition(attribute, [text])
        return sorted(Sku.objects.filter(condition).values_list("code", flat=True))

    assert codes("name", "eq", "heavy") == ["heavy"]
    assert codes("name", "not_eq", "heavy") == []
    assert codes("name", "not_eq", "light") == ["heavy"]
    assert codes("name", "not_eq_or_null", "heavy") == ["none"]
    assert codes("name", "not_cont_or_null", "vy") == ["none"]
    assert codes("code", "null", "true") == ["heavy", "none"]
    assert codes("pk", "eq", str(category.pk)) == ["heavy"]
    assert codes("pk", "null", "true") == ["none"]
    assert codes("pk", "gt_or_null", str(UUID(int=0))) == ["heavy", "none"]
    assert codes("pk", "gt", str(UUID(int=0))) == ["heavy"]


def test_a_pattern_that_escapes_nothing_is_refused() -> None:
    with pytest.raises(InvalidValue, match="backslash"):
        found("name", "matches", "a\\")
    assert found("name", "matches", "a\\\\") == []
