from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from imports_app.commerce.importers.bundle_amounts import compute_amounts
from imports_app.commerce.models import Bundle, Market, SkuList
from imports_app.importer import Derivation
from imports_app.models import Mode
from imports_app.registry import importers
from tests.factories import commerce
from tests.running import row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)

BUNDLES = importers.get("bundles")
Row = dict[str, Any]


@pytest.fixture
def market() -> Market:
    market: Market = commerce.MarketFactory.create()
    return market


@pytest.fixture
def sku_list(market: Market) -> SkuList:
    """Two of what costs 1.00 and three of what costs 0.10 in the market: 2.30."""
    sku_list: SkuList = commerce.SkuListFactory.create(manual=True)
    for quantity, cents in ((2, 100), (3, 10)):
        item = commerce.SkuListItemFactory.create(sku_list=sku_list, quantity=quantity)
        commerce.PriceFactory.create(sku=item.sku, price_list=market.price_list, amount_cents=cents)
        commerce.PriceFactory.create(sku=item.sku, amount_cents=7_777)
    return sku_list


def row(market: Market | None, sku_list: SkuList, **given: Any) -> Row:
    return {
        "code": "SET",
        "name": "Set",
        "currency_code": "EUR",
        "market_id": market and str(market.pk),
        "sku_list_id": str(sku_list.pk),
        **given,
    }


def errors(*rows: Row) -> list[tuple[str, str]]:
    import_ = run_import(BUNDLES, rows, skip_errors=True)
    return [(e.attribute, e.message) for found in row_errors(import_).values() for e in found]


def test_amounts_are_computed_from_the_prices_of_the_market(
    market: Market, sku_list: SkuList
) -> None:
    given = row(market, sku_list, _compute_price_amount=True, _compute_compare_at_amount=True)

    assert errors(given) == []

    bundle = Bundle.objects.get()
    assert (bundle.price_amount_cents, bundle.compare_at_amount_cents) == (230, 230)


def test_only_what_is_asked_for_is_computed(market: Market, sku_list: SkuList) -> None:
    given = row(
        market,
        sku_list,
        price_amount_cents=200,
        _compute_price_amount=False,
        _compute_compare_at_amount=True,
    )

    assert errors(given) == []

    bundle = Bundle.objects.get()
    assert (bundle.price_amount_cents, bundle.compare_at_amount_cents) == (200, 230)


def test_an_amount_that_is_computed_wins_over_one_that_is_given(
    market: Market, sku_list: SkuList
) -> None:
    assert errors(row(market, sku_list, price_amount_cents=1, _compute_price_amount=True)) == []

    assert Bundle.objects.get().price_amount_cents == 230


def test_an_amount_is_computed_again_from_what_the_record_has(
    market: Market, sku_list: SkuList
) -> None:
    errors(row(market, sku_list, price_amount_cents=1))
    bundle = Bundle.objects.get()

    assert errors({"id": str(bundle.pk), "_compute_price_amount": True}) == []
    bundle.refresh_from_db()
    assert bundle.price_amount_cents == 230
    again = run_import(BUNDLES, [{"id": str(bundle.pk), "_compute_price_amount": True}])
    assert again.unchanged_count == 1


def test_a_sku_without_a_price_in_the_market_fails_the_row(
    market: Market, sku_list: SkuList
) -> None:
    item = commerce.SkuListItemFactory.create(sku_list=sku_list, sku__code="UNPRICED")
    commerce.PriceFactory.create(sku=item.sku)

    found = errors(
        row(market, sku_list, _compute_price_amount=True),
        row(market, sku_list, code="OTHER", price_amount_cents=1),
    )

    assert found == [
        (
            "price_amount_cents",
            "can't be computed: UNPRICED has no price in the market's price list",
        )
    ]
    assert Bundle.objects.get().code == "OTHER"


@pytest.mark.parametrize(
    ("problem", "message"),
    [
        ("no market", "can't be computed: there is no market with a price list"),
        ("no price list", "can't be computed: there is no market with a price list"),
        ("no items", "can't be computed: the SKU list is not manual, or has no items"),
        ("a regex", "can't be computed: the SKU list is not manual, or has no items"),
        ("too much", f"must be less than or equal to {2**63 - 1}"),
    ],
)
def test_an_amount_that_can_not_be_computed_fails_the_row(
    market: Market, sku_list: SkuList, problem: str, message: str
) -> None:
    if problem == "no price list":
        market = commerce.MarketFactory.create(price_list=None)
    elif problem == "no items":
        sku_list = commerce.SkuListFactory.create(manual=True)
    elif problem == "a regex":
        SkuList.objects.update(manual=False)
    elif problem == "too much":
        item = commerce.SkuListItemFactory.create(sku_list=sku_list, quantity=2**30)
        commerce.PriceFactory.create(sku=item.sku, price_list=market.price_list, amount_cents=2**62)

    found = errors(
        row(
            None if problem == "no market" else market,
            sku_list,
            price_amount_cents=1,
            _compute_compare_at_amount=True,
        )
    )

    assert found == [("compare_at_amount_cents", message)]


def test_any_number_of_rows_costs_four_queries(
    market: Market, sku_list: SkuList, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bundles = commerce.BundleFactory.create_batch(3, market=market, sku_list=sku_list)
    asked = {"_compute_price_amount": True}
    rows = [Derivation(bundle.pk, {}, asked, []) for bundle in bundles]
    rows.append(Derivation(None, {"market_id": market.pk, "sku_list_id": sku_list.pk}, asked, []))

    with django_assert_num_queries(4):
        compute_amounts(rows)

    assert [made.fields["price_amount_cents"] for made in rows] == [230] * 4
    with django_assert_num_queries(0):
        compute_amounts([Derivation(bundles[0].pk, {}, {}, [])])


def test_a_code_names_one_bundle_a_market_and_one_without(
    market: Market, sku_list: SkuList
) -> None:
    other = commerce.MarketFactory.create()
    rows = [row(owner, sku_list, price_amount_cents=1) for owner in (market, other, None)]
    rows[2].pop("market_id")

    first, second = run_import(BUNDLES, rows), run_import(BUNDLES, rows)

    assert (first.created_count, second.unchanged_count) == (3, 3)
    assert Bundle.objects.filter(code="SET", mode=Mode.TEST).count() == 3


def test_a_bundle_does_not_move_to_where_its_code_is_taken(
    market: Market, sku_list: SkuList
) -> None:
    run_import(BUNDLES, [row(o, sku_list, price_amount_cents=1) for o in (market, None)])
    bundle = Bundle.objects.get(market=market)

    ((attribute, message),) = errors({"id": str(bundle.pk), "market_id": None})

    assert (attribute, message) == ("code", "has already been taken")
