"""A batch costs the same number of statements whatever its size."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from imports_app.commerce.models import Market, PriceList, Sku
from imports_app.engine.applying.batch import next_batch
from imports_app.engine.holding.context import Context
from imports_app.models import Import, Mode
from imports_app.models.status import Status
from imports_app.queue import transitions
from tests.factories.commerce import SkuFactory
from tests.factories.imports import ImportFactory
from tests.running import Row

pytestmark = pytest.mark.django_db(transaction=True)

TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SET ")


def statements(rows: list[Row], **attributes: Any) -> list[str]:
    """What the one batch of the rows executes, but for what begins and ends transactions, and for
    the event that the import is completed.
    """
    import_ = ImportFactory.create(rows=rows, **attributes)
    token = transitions.claim(import_.pk)
    assert token is not None
    context = Context(Import.objects.get(pk=import_.pk), token)
    with CaptureQueriesContext(connection) as queries:
        next_batch(context)
    assert Import.objects.get(pk=import_.pk).status == Status.COMPLETED
    texts = [query["sql"].strip() for query in queries]
    found = [text for text in texts if not text.upper().startswith(TRANSACTION)]
    [event] = [place for place, text in enumerate(found) if "imports_app_event" in text]
    assert found[event - 1].startswith("SELECT")  # what it shows of the import
    return found[: event - 1] + found[event + 1 :]


@pytest.mark.parametrize("count", [1, 2_000])
def test_a_batch_of_new_skus_takes_ten_statements_at_most(count: int) -> None:
    rows = [{"code": f"C{n}", "name": f"n{n}"} for n in range(count)]

    assert len(statements(rows)) <= 10


def test_a_batch_of_updates_takes_ten_statements_at_most() -> None:
    for n in range(50):
        SkuFactory.create(code=f"C{n}")
    rows = [{"code": f"C{n}", "name": f"new {n}"} for n in range(50)]

    assert len(statements(rows)) <= 10


def test_relations_and_warnings_do_not_add_a_statement_a_row() -> None:
    category = SkuFactory.create().shipping_category
    row = {"name": "n", "shipping_category_name": category.name}
    few = [{"code": f"A{n}", **row} for n in range(2)]
    many = [{"code": f"B{n}", **row} for n in range(500)]

    assert len(statements(few)) == len(statements(many))


def test_a_batch_of_failures_takes_ten_statements_at_most() -> None:
    rows = [{"code": f"C{n}"} for n in range(500)]

    assert len(statements(rows, skip_errors=True)) <= 10


def test_no_statement_asks_which_records_failed_rows_mean_without_a_cleanup() -> None:
    SkuFactory.create(code="C0", name="old")
    rows = [{"code": f"C{n}", "name": ""} for n in range(5)]

    assert not [text for text in statements(rows, skip_errors=True) if "commerce_sku" in text]


def order(number: int) -> Row:
    """With all that an order can bring along: a customer, tags, line items."""
    return {
        "number": f"O{number}",
        "market_name": "M",
        "customer_email": f"{number}@example.com",
        "tags": [f"tag-{number}", "sale"],
        "line_items": [{"sku_code": f"C{number}", "quantity": 1, "name": "n"}] * 2,
    }


def address(number: int) -> Row:
    """Of a customer that is made, given as an object."""
    inline = {
        "first_name": "A",
        "last_name": "B",
        "line_1": f"{number} Road",
        "city": "Town",
        "country_code": "GB",
        "phone": "1",
    }
    return {"customer_email": f"{number}@example.com", "address": inline}


def price(number: int) -> Row:
    return {
        "sku_code": f"C{number}",
        "price_list_name": "L",
        "amount_cents": 1,
        "price_tiers": [{"name": name, "price_amount_cents": 1} for name in "ab"],
    }


@pytest.mark.parametrize(
    ("resource_type", "row", "budget"),
    [("orders", order, 36), ("customer_addresses", address, 24), ("prices", price, 24)],
)
def test_what_rows_bring_along_costs_no_statement_a_row(
    resource_type: str, row: Callable[[int], Row], budget: int
) -> None:
    Market.objects.create(name="M", mode=Mode.TEST)
    PriceList.objects.create(name="L", currency_code="EUR", mode=Mode.TEST)
    Sku.objects.bulk_create(Sku(code=f"C{n}", name="n", mode=Mode.TEST) for n in range(200))
    rows = [row(n) for n in range(200)]

    # SQLite takes so many parameters a statement, so that what is made is made in pieces.
    assert len(statements(rows, resource_type=resource_type)) <= budget
    assert len(statements(rows, resource_type=resource_type)) <= budget


def test_a_failed_rows_target_is_not_looked_up_again() -> None:
    name = SkuFactory.create().shipping_category.name
    rows: list[Row] = [
        {"code": "A", "name": "a", "shipping_category_name": name},
        {"code": "B", "name": "b", "shipping_category_name": "Gone"},
        {"code": "C", "weight": "heavy", "shipping_category_name": name},
    ]

    texts = statements(rows, skip_errors=True)

    assert len([text for text in texts if 'FROM "commerce_shippingcategory"' in text]) == 1
