"""Rows of a chunk that exchange unique values, or pass them on, all take effect."""

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from imports_app.commerce.models import (
    Bundle,
    Customer,
    CustomerAddress,
    PriceTier,
    ShippingCategory,
    Sku,
)
from imports_app.engine import writers
from imports_app.engine.writers import OrmWriter
from imports_app.storage.log import errors_log, warnings_log
from tests.factories.commerce import (
    AddressFactory,
    BundleFactory,
    CustomerFactory,
    MarketFactory,
    PriceFactory,
    PriceTierFactory,
    SkuFactory,
)
from tests.running import Row, counts, done

pytestmark = pytest.mark.django_db(transaction=True)

TAKEN = "has already been taken"


@pytest.fixture(params=["of the database", "of the ORM"], autouse=True)
def writer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "of the ORM":
        monkeypatch.setitem(writers.WRITERS, connection.vendor, OrmWriter)


def categories(**codes: str | None) -> None:
    for name, code in codes.items():
        ShippingCategory.objects.create(name=name, code=code, mode="test")


def codes() -> dict[str, str | None]:
    return dict(ShippingCategory.objects.values_list("name", "code"))


def named(**codes: str | None) -> list[Row]:
    return [{"name": name, "code": code} for name, code in codes.items()]


def test_two_records_swap_a_unique_value() -> None:
    categories(SW1="c1", SW2="c2")
    assert counts(done("shipping_categories", *named(SW1="c2", SW2="c1"))) == (0, 2, 0, 0)
    assert codes() == {"SW1": "c2", "SW2": "c1"}


def test_records_pass_a_value_on_in_a_circle_among_other_rows() -> None:
    categories(A="a", B="b", C="c", D="d", E="e")
    rows = [*named(A="b", N="n"), {"name": "D"}, *named(C="a", B="c", E=None)]
    assert counts(done("shipping_categories", *rows)) == (1, 4, 1, 0)
    assert codes() == {"A": "b", "B": "c", "C": "a", "D": "d", "E": None, "N": "n"}


@pytest.mark.parametrize("order", [1, -1])
def test_a_chain_of_renames_works_in_any_order(order: int) -> None:
    skus = [SkuFactory.create(code=f"C{n}") for n in range(12)]
    rows = [{"id": str(sku.pk), "code": f"C{n + 1}"} for n, sku in enumerate(skus)]
    import_ = done("skus", *rows[::order])
    assert counts(import_) == (0, 12, 0, 0)
    assert list(Sku.objects.order_by("pk").values_list("code", flat=True)) == [
        f"C{n + 1}" for n in range(12)
    ]
    assert warnings_log(import_)["C12"] == ["the record of this id had the key C11 before"]


def test_a_new_record_takes_what_a_row_behind_gives_up() -> None:
    categories(A="x")
    assert counts(done("shipping_categories", *named(N="x", A=None))) == (1, 1, 0, 0)
    assert codes() == {"A": None, "N": "x"}


def test_keys_are_swapped_by_id() -> None:
    first, second = SkuFactory.create(code="A"), SkuFactory.create(code="B")
    rows = [{"id": str(first.pk), "code": "B"}, {"id": str(second.pk), "code": "A"}]
    import_ = done("skus", *rows)
    assert counts(import_) == (0, 2, 0, 0)
    assert Sku.objects.get(code="B").pk == first.pk
    assert warnings_log(import_) == {
        "A": ["the record of this id had the key B before"],
        "B": ["the record of this id had the key A before"],
    }


def test_key_and_another_unique_value_are_swapped_at_once() -> None:
    categories(A="a", B="b")
    pks = dict(ShippingCategory.objects.values_list("name", "pk"))
    rows = [
        {"id": str(pks["A"]), "name": "B", "code": "b"},
        {"id": str(pks["B"]), "name": "A", "code": "a"},
    ]
    assert counts(done("shipping_categories", *rows)) == (0, 2, 0, 0)
    assert set(ShippingCategory.objects.values_list("pk", "name", "code")) == {
        (pks["A"], "B", "b"),
        (pks["B"], "A", "a"),
    }


def test_several_unique_values_go_round_in_different_circles() -> None:
    for n in range(3):
        CustomerFactory.create(
            email=f"{n}@example.com", shopper_reference=f"s{n}", profile_id=f"p{n}"
        )
    rows = [
        {
            "email": f"{n}@example.com",
            "shopper_reference": f"s{(n + 1) % 3}",
            "profile_id": f"p{(n + 2) % 3}",
        }
        for n in range(3)
    ]
    assert counts(done("customers", *rows)) == (0, 3, 0, 0)
    assert list(
        Customer.objects.order_by("email").values_list("shopper_reference", "profile_id")
    ) == [("s1", "p2"), ("s2", "p0"), ("s0", "p1")]


@pytest.mark.parametrize("market_name", ["M", None])
def test_keys_of_several_parts_are_swapped_those_with_a_missing_one_too(
    market_name: str | None,
) -> None:
    market = market_name and MarketFactory.create(name=market_name)
    bundles = [BundleFactory.create(code=c, market=market, currency_code="EUR") for c in "AB"]
    rows = [{"id": str(b.pk), "code": c} for b, c in zip(bundles, "BA", strict=True)]
    assert counts(done("bundles", *rows)) == (0, 2, 0, 0)
    assert [Bundle.objects.get(pk=b.pk).code for b in bundles] == ["B", "A"]


def test_keys_of_references_alone_are_swapped() -> None:
    addresses = [AddressFactory.create() for _ in range(2)]
    customer = CustomerFactory.create()
    pks = [
        CustomerAddress.objects.create(customer=customer, address=a, mode="test").pk
        for a in addresses
    ]
    rows = [
        {"id": str(pk), "address_id": str(a.pk)}
        for pk, a in zip(pks, reversed(addresses), strict=True)
    ]
    assert counts(done("customer_addresses", *rows)) == (0, 2, 0, 0)
    found = dict(CustomerAddress.objects.values_list("pk", "address_id"))
    assert found == {pks[0]: addresses[1].pk, pks[1]: addresses[0].pk}


def test_children_of_a_row_swap_too() -> None:
    price = PriceFactory.create()
    tiers = [PriceTierFactory.create(price=price, name=name) for name in "AB"]
    inner = [{"id": str(t.pk), "name": name} for t, name in zip(tiers, "BA", strict=True)]
    assert counts(done("prices", {"id": str(price.pk), "price_tiers": inner})) == (0, 1, 0, 0)
    assert [PriceTier.objects.get(pk=t.pk).name for t in tiers] == ["B", "A"]


def test_if_a_row_of_a_circle_fails_validation_the_others_fail_as_taken() -> None:
    categories(A="a", B="b")
    rows: list[Row] = [{"name": "A", "code": "b", "metadata": 1}, {"name": "B", "code": "a"}]
    import_ = done("shipping_categories", *rows)
    assert errors_log(import_) == {
        "A": {"metadata": ["must be an object"]},
        "B": {"code": [TAKEN]},
    }
    assert codes() == {"A": "a", "B": "b"}


def test_if_the_database_refuses_one_row_each_fails_with_its_own_error() -> None:
    markets = [MarketFactory.create(), MarketFactory.create()]
    bundles = [
        BundleFactory.create(code=c, market=m, currency_code=None)
        for c, m in zip("AA", markets, strict=True)
    ]
    rows: list[Row] = [
        {"id": str(bundles[0].pk), "market_id": str(markets[1].pk)},
        {"id": str(bundles[1].pk), "market_id": None},
    ]
    import_ = done("bundles", *rows)
    errors = list(errors_log(import_).values())
    assert sorted(len(e) for e in errors) == [1, 2]
    assert {"base": ["must have a market or a currency_code"]} in errors
    assert [Bundle.objects.get(pk=b.pk).market for b in bundles] == markets


def test_a_chain_behind_a_row_that_fails_ends_there_and_other_chains_do_not() -> None:
    categories(A="a", B="b", C="c", X="x", Y="y")
    rows: list[Row] = [
        *named(A="b", X="y", Y="x"),
        {"name": "B", "code": "c"},
        {"name": "C", "code": "a" * 256},
    ]
    import_ = done("shipping_categories", *rows)
    assert set(errors_log(import_)) == {"A", "B", "C"}
    assert codes() == {"A": "a", "B": "b", "C": "c", "X": "y", "Y": "x"}


def test_an_exchange_that_would_break_a_constraint_is_taken_in_turn() -> None:
    categories(A="a", B="b")
    import_ = done("shipping_categories", *named(A="b", N="a", B="a"))
    assert errors_log(import_)["A"] == {"code": [TAKEN]}
    assert codes()["A"] == "a"
    import_ = done("shipping_categories", *named(A="b"), {"name": "B", "metadata": {"a": 1}})
    assert errors_log(import_) == {"A": {"code": [TAKEN]}}
    import_ = done("shipping_categories", *named(A="b", B="c"), *named(B="b"))
    assert errors_log(import_) == {"A": {"code": [TAKEN]}}


def test_a_record_that_rows_name_twice_is_taken_in_turn() -> None:
    categories(A="a", B="b")
    rows = [*named(A=None, B="a"), *named(A="b")]
    assert counts(done("shipping_categories", *rows)) == (0, 3, 0, 0)
    assert codes() == {"A": "b", "B": "a"}


NAMED_ONCE_MORE: list[tuple[list[Row], dict[str, str | None]]] = [
    ([*named(A="b", B=None), {"name": "B"}], {"A": "b", "B": None, "C": "c"}),
    ([*named(A="b", B="c", C=None), {"name": "B"}], {"A": "b", "B": "c", "C": None}),
    ([*named(A="b", B="c", C="a"), {"name": "C"}], {"A": "b", "B": "c", "C": "a"}),
    ([*named(A="b", B="a"), *named(B="a", A="b")], {"A": "b", "B": "a", "C": "c"}),
    ([*named(A="b", B="d"), *named(B="e")], {"A": "b", "B": "e", "C": "c"}),
    ([*named(A="b"), {"name": "B"}, *named(B=None)], {"A": "b", "B": None, "C": "c"}),
    ([{"name": "A"}, *named(A="b"), {"name": "B"}, *named(B="a")], {"A": "b", "B": "a", "C": "c"}),
    ([{"name": "N"}, *named(N="c", C=None)], {"A": "a", "B": "b", "C": None, "N": "c"}),
]


@pytest.mark.parametrize(("rows", "expected"), NAMED_ONCE_MORE)
def test_another_row_may_name_a_record_that_takes_part(
    rows: list[Row], expected: dict[str, str | None]
) -> None:
    categories(A="a", B="b", C="c")
    import_ = done("shipping_categories", *rows)
    assert errors_log(import_) == {}
    assert codes() == expected


def test_keys_are_passed_on_though_a_row_behind_names_the_giver_by_its_new_one() -> None:
    first, second = SkuFactory.create(code="A"), SkuFactory.create(code="B")
    rows: list[Row] = [
        {"id": str(first.pk), "code": "B"},
        {"id": str(second.pk), "code": "C"},
        {"id": str(first.pk), "code": "B"},
        {"code": "C", "name": "by key"},
        {"id": str(second.pk), "description": "by id"},
    ]
    assert errors_log(done("skus", *rows)) == {}
    found = Sku.objects.values_list("pk", "code", "name", "description").order_by("code")
    assert [*found] == [
        (first.pk, "B", first.name, first.description),
        (second.pk, "C", "by key", "by id"),
    ]


def test_a_row_before_that_names_the_key_which_a_record_gives_up_has_its_turn_first() -> None:
    first, second = SkuFactory.create(code="A"), SkuFactory.create(code="B")
    rows: list[Row] = [
        {"code": "B", "name": "before"},
        {"id": str(first.pk), "code": "B"},
        {"id": str(second.pk), "code": "C"},
    ]
    done("skus", *rows)
    assert Sku.objects.get(pk=second.pk).name == "before"


def test_live_records_take_no_part() -> None:
    categories(A="a", B="b")
    ShippingCategory.objects.create(name="A", code="b", mode="live")
    done("shipping_categories", *named(A="b", B="a"))
    assert set(ShippingCategory.objects.values_list("mode", "name", "code")) == {
        ("test", "A", "b"),
        ("test", "B", "a"),
        ("live", "A", "b"),
    }


def test_a_dry_run_says_what_would_be() -> None:
    categories(A="a", B="b")
    assert counts(done("shipping_categories", *named(A="b", B="a"), dry_run=True)) == (0, 2, 0, 0)
    assert codes() == {"A": "a", "B": "b"}


def test_an_exchange_of_many_takes_few_statements() -> None:
    size = 60
    categories(**{f"N{n}": f"c{n}" for n in range(size)})
    rows = named(**{f"N{n}": f"c{(n + 1) % size}" for n in range(size)})
    with CaptureQueriesContext(connection) as queries, override_settings(IMPORTS_CHUNK_ROWS=100):
        import_ = done("shipping_categories", *rows)
    assert counts(import_) == (0, size, 0, 0)
    table = ShippingCategory._meta.db_table
    assert sum(table in query["sql"] for query in queries) <= 8
