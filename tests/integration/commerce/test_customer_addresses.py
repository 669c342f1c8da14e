"""Entries of customers' books of addresses."""

import pytest
from django.db import connection

from imports_app.commerce.models import Address, Customer, CustomerAddress
from imports_app.models import Mode
from imports_app.registry import importers
from tests.factories.commerce import AddressFactory
from tests.running import run_import

OTHERS, SHARING, NEW = 8_000, 4_000, 200
READ = """
    SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'commerce_customeraddress'
"""


def customers(count: int, name: str) -> list[Customer]:
    made = (Customer(email=f"{name}{n}@example.com", mode=Mode.TEST) for n in range(count))
    return Customer.objects.bulk_create(made)


def entries_read() -> int:
    """How many entries of the table's indexes were read so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(READ)
        return int(cursor.fetchone()[0] or 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans without numbers")
def test_an_address_that_many_customers_share_is_not_gone_through_for_each_of_them() -> None:
    shared = AddressFactory.create()
    addresses = Address.objects.bulk_create(AddressFactory.build_batch(OTHERS))
    pairs = [*zip(customers(OTHERS, "other"), addresses, strict=True)]
    pairs += [(customer, shared) for customer in customers(SHARING, "sharing")]
    CustomerAddress.objects.bulk_create(
        CustomerAddress(customer=customer, address=address, mode=Mode.TEST)
        for customer, address in pairs
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE commerce_customeraddress")
    before = entries_read()

    rows = [{"customer_id": str(c.pk), "address_id": str(shared.pk)} for c in customers(NEW, "new")]
    run_import(importers.get("customer_addresses"), rows)

    assert CustomerAddress.objects.count() == OTHERS + SHARING + NEW
    assert entries_read() - before < NEW * SHARING / 10
