"""A worker may die at any moment: what comes out is what one clean run makes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from imports_app.commerce.models import Market, PriceList
from imports_app.models import Import, Mode
from tests.factories.commerce import CustomerFactory, ShippingCategoryFactory, SkuFactory
from tests.integration.reliability.faults import Point
from tests.integration.reliability.workers import (
    claim,
    create,
    each_death,
    work_and_die,
    work_until_idle,
)
from tests.outcome import forget, outcome
from tests.running import Row

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:.*was deleted while still open"),  # a dead worker's cursor
]

# No record gets one like these by itself.
IDS = [f"00000000-0000-7000-8000-00000000000{number}" for number in range(3)]
SKUS: list[Row] = [
    {"code": "A", "name": "changed"},
    {"code": "N1", "name": "new", "shipping_category_name": "Known"},
    {"code": "N1", "name": "new again"},
    {"code": "N2"},
    {"code": "B", "weight": "heavy"},
    {"id": IDS[2], "code": "C2"},
    {"code": "A"},
    {"code": "N3", "name": "new", "shipping_category_name": "Unknown"},
    {"code": "N4", "name": "new", "weight": 1.5},
]
CATEGORIES: list[Row] = [
    {"name": "Known", "code": "K"},
    {"name": "New"},
    {"code": "nameless"},
    {"name": "New", "code": "N"},
]
CUSTOMERS: list[Row] = [
    {"email": "old@example.com", "shopper_reference": "1"},
    {"email": "new@example.com", "shopper_reference": "2", "profile_id": "2"},
    {"email": "no address"},
    {"email": "New@example.com", "profile_id": "3"},
]
ADDRESS: Row = {"line_1": "1 Road", "city": "Town", "country_code": "GB", "phone": "1"}
PERSON: Row = {"first_name": "A", "last_name": "B"}
ADDRESSES: list[Row] = [
    {"customer_email": "new@example.com", "address": ADDRESS | PERSON},
    {"customer_email": "nobody@example.com", "address": ADDRESS},
    {"customer_email": "old@example.com", "address": ADDRESS | PERSON},
    {"customer_email": "new@example.com", "address": ADDRESS | PERSON},
    {"customer_email": "new@example.com", "address": ADDRESS | {"business": True, "company": "C"}},
]
ORDERS: list[Row] = [
    {
        "number": "1",
        "market_name": "M",
        "customer_email": "new@example.com",
        "tags": ["new", "sale"],
        "line_items": [{"sku_code": "A", "quantity": 1}, {"sku_code": "B", "quantity": 2}],
    },
    {
        "number": "2",
        "market_name": "M",
        "customer_email": "nobody@example.com",
        "tags": ["never"],
        "line_items": [{"sku_code": "A", "quantity": 1}, {"sku_code": "B", "quantity": 0}],
    },
    {"number": "1", "_add_tags": "more", "_remove_tags": "sale", "affiliate_code": "a"},
    {"number": "3", "market_name": "M", "tags": ["sale"]},
    {"number": "1", "line_items": [{"sku_code": "C", "quantity": 3}]},
]
PRICES: list[Row] = [
    {
        "sku_code": code,
        "price_list_name": "L",
        "amount_cents": 1,
        "price_tiers": [{"name": name, "price_amount_cents": n} for n, name in enumerate(names)],
    }
    for code, names in [("A", "xy"), ("B", "xx"), ("A", "yz"), ("B", "")]
]
IMPORTS = {
    "skus": SKUS,
    "shipping_categories": CATEGORIES,
    "customers": CUSTOMERS,
    "customer_addresses": ADDRESSES,
    "orders": ORDERS,
    "prices": PRICES,
}


def seed() -> None:
    """The records that are there before the import."""
    forget()
    category = ShippingCategoryFactory.create(name="Known", code=None, **SAME)
    for code, pk in zip("ABC", IDS, strict=True):
        SkuFactory.create(
            id=pk, code=code, name=code, shipping_category=category, **SAME, **SAME_SKU
        )
    CustomerFactory.create(email="old@example.com", customer_group=None, **LABELS, **SAME)
    price_list = PriceList.objects.create(name="L", currency_code="EUR", mode=Mode.TEST)
    Market.objects.create(name="M", price_list=price_list, mode=Mode.TEST)


LABELS: Row = {"profile_id": "0", "shopper_reference": "0", "tax_exemption_code": "0"}
SAME: Row = {"reference": None, "reference_origin": None, "metadata": {}}
SAME_SKU: Row = {
    "description": "",
    "image_url": "",
    "pieces_per_pack": 1,
    "weight": 1.0,
    "unit_of_weight": "gr",
    "hs_tariff_number": "1",
    "do_not_ship": False,
    "do_not_track": False,
}


def clean_run(start: Callable[[], Import]) -> dict[str, Any]:
    seed()
    import_ = start()
    work_until_idle()
    return outcome(import_)


@pytest.mark.parametrize(
    ("resource_type", "cleanup_records", "skip_errors"),
    [
        ("skus", True, True),
        ("skus", False, False),
        ("shipping_categories", False, True),
        ("customers", True, True),
        ("customer_addresses", True, True),
        ("orders", False, True),
        ("prices", True, False),
    ],
)
def test_a_worker_may_die_at_any_statement(
    resource_type: str,
    *,
    cleanup_records: bool,
    skip_errors: bool,
) -> None:
    """A death after a statement is one before the statement that follows.

    Within a transaction all deaths undo the same: the last one is had, with nothing left to do but
    commit, and those right behind its begin and its end.
    """

    def start() -> Import:
        return create(
            resource_type,
            IMPORTS[resource_type],
            cleanup_records=cleanup_records,
            skip_errors=skip_errors,
        )

    expected = clean_run(start)

    def start_anew() -> Import:
        seed()
        return start()

    with override_settings(IMPORTS_CHUNK_ROWS=4, IMPORTS_CLEANUP_ROWS=1):
        for statement, import_ in each_death(start_anew):
            assert outcome(import_) == expected, f"statement {statement}"

    assert statement > 15


values = {
    "id": st.sampled_from([*IDS, "5"]),
    "code": st.sampled_from([*"ABCDEF", 1, None, "x" * 256]),
    "name": st.sampled_from(["A", "changed", None]),
    "weight": st.sampled_from([1.0, 2.5, None, "heavy"]),
    "shipping_category_name": st.sampled_from(["Known", "Unknown", None]),
    "no_such_attribute": st.just(1),
}
sound = {"code": st.sampled_from("ABCDEF"), "name": st.sampled_from(["A", "changed"])}
any_rows = st.lists(
    st.fixed_dictionaries(sound, optional={"weight": st.sampled_from([1.0, 2.5])})
    | st.fixed_dictionaries({}, optional=values),
    min_size=1,
    max_size=12,
)
# Of more than three deaths all could strike the same row alone, which looks like its doing.
any_deaths = st.lists(
    st.tuples(st.integers(1, 40), st.sampled_from(["before", "after"])), max_size=3
)


@given(
    rows=any_rows,
    deaths=any_deaths,
    chunk_rows=st.integers(1, 6),
    skip_errors=st.booleans(),
    cleanup_records=st.booleans(),
    all_or_nothing=st.booleans(),
)
@settings(max_examples=40)
def test_any_import_ends_as_a_clean_run_of_it_does(
    rows: list[Row],
    deaths: list[Point],
    chunk_rows: int,
    *,
    skip_errors: bool,
    cleanup_records: bool,
    all_or_nothing: bool,
) -> None:
    def start() -> Import:
        return create(
            "skus",
            rows,
            skip_errors=skip_errors,
            cleanup_records=cleanup_records,
            all_or_nothing=all_or_nothing,
        )

    with override_settings(IMPORTS_CHUNK_ROWS=chunk_rows):
        expected = clean_run(start)

    seed()
    with override_settings(IMPORTS_CHUNK_ROWS=chunk_rows, IMPORTS_CLEANUP_ROWS=2):
        import_ = start()
        for death in deaths:
            # It may have come behind the last commit, when nothing is left to be done.
            over = not Import.objects.active().exists()
            if over or not work_and_die(claim(), death):
                break
        work_until_idle()

    assert outcome(import_) == expected
