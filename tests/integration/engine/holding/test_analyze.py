"""PostgreSQL plans by what it knows of a table, so it has to know of what imports created."""

from collections.abc import Iterator

import pytest
from django.db import connection

from imports_app.commerce.models import Customer, Sku
from imports_app.engine.holding.analyze import FEW
from imports_app.models import Mode
from imports_app.registry import importers
from tests.running import Row, run_import

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans without numbers"),
]


def known(model: type[Sku] | type[Customer]) -> int:
    """How many records PostgreSQL thinks there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [model._meta.db_table])
        return int(cursor.fetchone()[0])


@pytest.fixture(autouse=True)
def nothing_is_known_but_by_us() -> Iterator[None]:
    tables = ("commerce_sku", "commerce_customer")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = false)")
            cursor.execute(f"VACUUM ANALYZE {table}")
        yield
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} RESET (autovacuum_enabled)")


def skus(count: int) -> list[Row]:
    return [{"code": f"S{number}", "name": "n"} for number in range(count)]


def test_a_table_that_doubled_is_analyzed() -> None:
    run_import(importers.get("skus"), skus(FEW))

    assert known(Sku) == FEW


def test_a_table_that_hardly_grew_is_not() -> None:
    run_import(importers.get("skus"), skus(FEW - 1))
    assert known(Sku) == 0


def test_a_table_is_not_analyzed_again_before_it_doubled() -> None:
    Sku.objects.bulk_create(Sku(code=f"OLD{number}", mode=Mode.TEST) for number in range(FEW + 1))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE commerce_sku")

    run_import(importers.get("skus"), skus(FEW))

    assert known(Sku) == FEW + 1


def test_what_rows_make_besides_their_own_records_counts_too() -> None:
    rows = [
        {"reference": f"{number}", "customer_email": f"{number}@example.com"}
        for number in range(FEW)
    ]
    run_import(importers.get("customer_subscriptions"), rows)

    assert known(Customer) == FEW


def test_a_dry_run_leaves_what_is_known() -> None:
    run_import(importers.get("skus"), skus(FEW), dry_run=True)

    assert known(Sku) == 0
