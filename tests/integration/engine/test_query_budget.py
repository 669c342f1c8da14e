"""A batch costs the same number of statements whatever its size."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from imports_app import transitions
from imports_app.engine.batch import next_batch
from imports_app.engine.context import Context
from imports_app.models import Import
from imports_app.status import Status
from tests.factories.commerce import SkuFactory
from tests.factories.imports import ImportFactory
from tests.running import Row

pytestmark = pytest.mark.django_db(transaction=True)

TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SET ")


def statements(rows: list[Row], **attributes: Any) -> list[str]:
    """What the one batch of the rows executes, but for what begins and ends transactions."""
    import_ = ImportFactory.create(rows=rows, **attributes)
    token = transitions.claim(import_.pk)
    assert token is not None
    context = Context(Import.objects.get(pk=import_.pk), token)
    with CaptureQueriesContext(connection) as queries:
        next_batch(context)
    assert Import.objects.get(pk=import_.pk).status == Status.COMPLETED
    texts = [query["sql"].strip() for query in queries]
    return [text for text in texts if not text.upper().startswith(TRANSACTION)]


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
