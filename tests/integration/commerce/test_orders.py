from typing import Any

import pytest

from imports_app.commerce.models import Customer, LineItem, Order
from imports_app.models import Mode
from imports_app.registry import importers
from tests.factories import commerce
from tests.running import row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)

ORDERS = importers.get("orders")
LINE_ITEMS = importers.get("line_items")


@pytest.fixture
def market_id() -> str:
    return str(commerce.MarketFactory.create().pk)


def errors(row: dict[str, Any]) -> list[tuple[str, str]]:
    import_ = run_import(ORDERS, [row], skip_errors=True)
    return [(e.attribute, e.message) for found in row_errors(import_).values() for e in found]


def test_an_order_is_archived_once(market_id: str) -> None:
    row = {"number": "1", "market_id": market_id, "_archive": True}
    run_import(ORDERS, [row])
    archived_at = Order.objects.get().archived_at

    import_ = run_import(ORDERS, [row])

    assert import_.unchanged_count == 1
    assert archived_at is not None
    assert Order.objects.get().archived_at == archived_at


def test_only_the_orders_that_say_so_are_archived(market_id: str) -> None:
    rows: list[dict[str, Any]] = [
        {"number": "1", "market_id": market_id},
        {"number": "2", "market_id": market_id, "_archive": True},
        {"number": "3", "market_id": market_id, "_archive": False},
    ]
    run_import(ORDERS, rows)

    archived = Order.objects.filter(archived_at__isnull=False)
    assert [order.number for order in archived] == ["2"]
    import_ = run_import(ORDERS, [{"number": "1", "_archive": True}])
    assert import_.updated_count == 1
    assert set(archived.values_list("number", flat=True)) == {"1", "2"}


def test_a_customer_who_is_not_there_is_made(market_id: str) -> None:
    known = commerce.CustomerFactory.create(email="ada@example.com")
    rows = [
        {"number": "1", "market_id": market_id, "customer_email": "Ada@Example.com"},
        {"number": "2", "market_id": market_id, "customer_email": "Grace@example.com"},
        {"number": "3", "market_id": market_id, "customer_email": "grace@example.com"},
    ]

    import_ = run_import(ORDERS, rows)

    assert row_errors(import_) == {}
    made = Customer.objects.get(email="grace@example.com", mode=Mode.TEST)
    customers = Order.objects.order_by("number").values_list("customer_id", flat=True)
    assert list(customers) == [known.pk, made.pk, made.pk]


def test_an_invalid_email_makes_no_customer(market_id: str) -> None:
    row = {"number": "1", "market_id": market_id, "customer_email": "ada"}

    assert errors(row) == [("customer_email", "is invalid")]
    assert not Customer.objects.exists()


def test_a_password_is_kept_hashed_and_shown_nowhere(market_id: str) -> None:
    row = {"number": "1", "market_id": market_id, "customer_password": "correct horse"}
    run_import(ORDERS, [row])
    order = Order.objects.get()

    import_ = run_import(ORDERS, [row])

    assert import_.unchanged_count == 1
    assert order.customer_password
    assert "correct horse" not in order.customer_password
    assert order.customer_password.startswith("pbkdf2_sha256$")


def test_an_order_brings_its_line_items_along(market_id: str) -> None:
    sku, bundle = commerce.SkuFactory.create(), commerce.BundleFactory.create()
    row = {
        "number": "1",
        "market_id": market_id,
        "line_items": [
            {"sku_code": sku.code, "quantity": 2, "tags": ["gift"]},
            {"bundle_code": bundle.code, "quantity": 1},
            {"name": "Discount", "quantity": 1, "unit_amount_cents": -500},
        ],
    }

    assert errors(row) == []

    order = Order.objects.get()
    items = order.line_items.order_by("quantity", "unit_amount_cents", "pk")
    assert {(item.sku_id, item.bundle_id, item.quantity) for item in items} == {
        (sku.pk, None, 2),
        (None, bundle.pk, 1),
        (None, None, 1),
    }
    tagged = LineItem.objects.get(sku=sku)
    assert [tag.name for tag in tagged.tags.all()] == ["gift"]


def test_a_line_item_that_fails_fails_its_order(market_id: str) -> None:
    sku = commerce.SkuFactory.create()
    row = {
        "number": "1",
        "market_id": market_id,
        "line_items": [{"sku_code": sku.code, "quantity": 1}, {"name": "Wrap", "quantity": 0}],
    }

    assert errors(row) == [("line_items[1].quantity", "must be greater than 0")]
    row["line_items"] = [{"sku_code": sku.code, "quantity": 1}, {"name": "Wrap", "quantity": 1}]
    assert errors(row) == [("line_items[1].unit_amount_cents", "can't be blank")]
    assert not Order.objects.exists()
    assert not LineItem.objects.exists()


def test_a_bundle_code_that_two_markets_have_is_ambiguous() -> None:
    commerce.BundleFactory.create_batch(2, code="SET")
    one = commerce.BundleFactory.create(code="ONE")
    order_id = str(commerce.OrderFactory.create().pk)

    import_ = run_import(
        LINE_ITEMS,
        [
            {"order_id": order_id, "bundle_code": code, "quantity": 1}
            for code in ("SET", "ONE", "NONE")
        ],
        skip_errors=True,
    )

    assert {
        index: [(error.attribute, error.message) for error in found]
        for index, found in row_errors(import_).items()
    } == {0: [("bundle", "is ambiguous")], 2: [("bundle", "must exist")]}
    assert LineItem.objects.get().bundle_id == one.pk


def test_instructions_to_a_shop_that_trades_have_no_effect() -> None:
    order_id = str(commerce.OrderFactory.create().pk)
    sku = commerce.SkuFactory.create()

    import_ = run_import(
        LINE_ITEMS,
        [
            {
                "order_id": order_id,
                "sku_code": sku.code,
                "quantity": 3,
                "_external_price": True,
                "_update_quantity": True,
                "_reserve_stock": True,
            }
        ],
    )

    assert (import_.created_count, row_errors(import_)) == (1, {})
    item = LineItem.objects.get()
    assert (item.quantity, item.unit_amount_cents) == (3, None)


def test_an_order_that_goes_takes_its_line_items_with_it(market_id: str) -> None:
    item = commerce.LineItemFactory.create()
    commerce.LineItemOptionFactory.create(line_item=item)

    import_ = run_import(ORDERS, [{"number": "1", "market_id": market_id}], cleanup_records=True)

    assert import_.destroyed_count == 1
    assert not LineItem.objects.exists()
