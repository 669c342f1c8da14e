"""A type without a key finds its records by the reference that its client gave them."""

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from imports_app.commerce.models import Address, LineItem, PaymentSource
from imports_app.models import Format, Mode
from imports_app.storage.log import errors_log, warnings_log
from tests.factories.commerce import (
    AddressFactory,
    CustomerFactory,
    LineItemFactory,
    MarketFactory,
    OrderFactory,
    SkuFactory,
)
from tests.running import Row, counts, done

pytestmark = pytest.mark.django_db(transaction=True)

NEW: Row = {
    "first_name": "A",
    "last_name": "B",
    "line_1": "1 St",
    "city": "X",
    "country_code": "US",
    "phone": "1",
}


@pytest.mark.parametrize("format_", [Format.JSON, Format.CSV])
def test_rows_sent_again_find_what_they_made(format_: str) -> None:
    rows = [NEW | {"reference": f"ADDR-{n}"} for n in range(3)]
    assert counts(done("addresses", *rows, format=format_)) == (3, 0, 0, 0)
    for _ in range(2):
        assert counts(done("addresses", *rows, format=format_)) == (0, 0, 3, 0)
    assert counts(done("addresses", rows[0] | {"city": "Y"}, format=format_)) == (0, 1, 0, 0)
    assert sorted(Address.objects.values_list("reference", "city")) == [
        ("ADDR-0", "Y"),
        ("ADDR-1", "X"),
        ("ADDR-2", "X"),
    ]


def test_an_update_needs_not_say_what_a_new_record_does() -> None:
    AddressFactory.create(reference="R", city="Old")
    assert counts(done("addresses", {"reference": " R", "city": "New"})) == (0, 1, 0, 0)
    assert Address.objects.get().city == "New"


def test_a_new_record_says_all_that_it_lacks() -> None:
    import_ = done("addresses", {"reference": "R", "city": "New", "phone": "1"})
    assert errors_log(import_)["R"] == {
        "line_1": ["can't be blank"],
        "country_code": ["can't be blank"],
        "first_name": ["can't be blank"],
        "last_name": ["can't be blank"],
    }


@pytest.mark.parametrize("reference", [None, "", " "])
def test_an_empty_reference_finds_no_record(reference: str | None) -> None:
    AddressFactory.create(reference=None)
    AddressFactory.create(reference="")
    import_ = done("addresses", NEW | {"reference": reference}, NEW | {"reference": reference})
    assert (counts(import_), import_.warnings_count) == ((2, 0, 0, 0), 0)


def test_a_reference_of_several_records_fails_its_row() -> None:
    first, second = (AddressFactory.create(reference="R", city="Old") for _ in range(2))

    import_ = done("addresses", NEW | {"reference": "R"}, {"id": str(first.pk), "city": "New"})

    assert errors_log(import_) == {"R": {"reference": ["is ambiguous"]}}
    assert dict(Address.objects.values_list("pk", "city")) == {first.pk: "New", second.pk: "Old"}


def test_the_origin_tells_equal_references_apart() -> None:
    for origin in ("erp", "shop", None):
        AddressFactory.create(reference="R", reference_origin=origin, city="Old")

    import_ = done("addresses", {"reference": "R", "reference_origin": "shop", "city": "New"})
    assert counts(import_) == (0, 1, 0, 0)
    import_ = done("addresses", NEW | {"reference": "R", "reference_origin": "pos"})
    assert counts(import_) == (1, 0, 0, 0)
    import_ = done("addresses", NEW | {"reference": "R"})
    assert errors_log(import_) == {"R": {"reference": ["is ambiguous"]}}

    assert set(Address.objects.values_list("reference_origin", "city")) == {
        ("erp", "Old"),
        ("shop", "New"),
        (None, "Old"),
        ("pos", "X"),
    }


@pytest.mark.parametrize("chunk_rows", [1, 100])
def test_rows_of_one_reference_take_effect_in_turn(chunk_rows: int) -> None:
    rows = [
        {"reference": "R", "city": "Too early"},
        NEW | {"reference": "R"},
        {"reference": "R", "city": "Y"},
        NEW | {"reference": "S"},
        {"reference": "R", "notes": "n"},
    ]
    with override_settings(IMPORTS_CHUNK_ROWS=chunk_rows):
        import_ = done("addresses", *rows)
    assert counts(import_) == (2, 2, 0, 1)
    assert set(Address.objects.values_list("reference", "city", "notes")) == {
        ("R", "Y", "n"),
        ("S", "X", None),
    }
    messages = {message for all_ in warnings_log(import_).values() for message in all_}
    assert messages == {
        "inputs[1] and inputs[2] are the same record",
        "inputs[2] and inputs[4] are the same record",
    }


@pytest.mark.parametrize("chunk_rows", [1, 100])
def test_a_reference_that_a_row_with_an_id_gives_or_takes_is_found_from_then_on(
    chunk_rows: int,
) -> None:
    first = AddressFactory.create(reference="R", city="First")
    second = AddressFactory.create(reference=None, city="Second")
    rows = [
        {"reference": "R", "notes": "1"},
        {"id": str(first.pk), "reference": "S"},
        {"id": str(second.pk), "reference": "R"},
        {"reference": "R", "notes": "2"},
        {"reference": "S", "city": "Third"},
    ]
    with override_settings(IMPORTS_CHUNK_ROWS=chunk_rows):
        assert counts(done("addresses", *rows)) == (0, 5, 0, 0)
    assert list(Address.objects.order_by("pk").values_list("reference", "city", "notes")) == [
        ("S", "Third", "1"),
        ("R", "Second", "2"),
    ]


def test_a_reference_finds_records_of_its_own_mode_only() -> None:
    AddressFactory.create(reference="R", mode=Mode.LIVE, city="Live")
    assert counts(done("addresses", NEW | {"reference": "R"})) == (1, 0, 0, 0)
    assert Address.objects.get(mode=Mode.LIVE).city == "Live"


def test_a_type_with_parts_and_relations_finds_its_records_too() -> None:
    customer = CustomerFactory.create(email="a@example.com")
    row = {"customer_email": "a@example.com", "customer_token": "t", "reference": "R"}
    assert counts(done("customer_payment_sources", row)) == (1, 0, 0, 0)
    assert counts(done("customer_payment_sources", row)) == (0, 0, 1, 0)
    assert PaymentSource.objects.get().customer == customer

    rows = [NEW | {"reference": "R", "tags": ["a"]}, {"reference": "R", "_add_tags": "b"}]
    done("addresses", *rows)
    done("addresses", {"reference": "R", "_add_tags": "c"})
    assert set(Address.objects.get().tags.values_list("name", flat=True)) == {"a", "b", "c"}


def test_a_reference_stands_for_another_record_under_another_parent() -> None:
    ours, theirs = (OrderFactory.create(number=number) for number in ("1", "2"))
    item = LineItemFactory.create(order=theirs, reference="L", quantity=1)
    SkuFactory.create(code="A")
    row: Row = {"sku_code": "A", "quantity": 2, "reference": "L"}

    import_ = done("line_items", row, parent_resource_id=str(ours.pk))
    assert counts(import_) == (1, 0, 0, 0)
    import_ = done("line_items", row | {"quantity": 3}, parent_resource_id=str(ours.pk))
    assert counts(import_) == (0, 1, 0, 0)
    import_ = done("line_items", row)
    assert errors_log(import_) == {"L": {"reference": ["is ambiguous"]}}

    assert LineItem.objects.get(pk=item.pk).quantity == 1
    assert LineItem.objects.get(order=ours).quantity == 3


@pytest.mark.parametrize("chunk_rows", [1, 100])
def test_children_without_a_key_are_found_by_their_reference_under_their_row(
    chunk_rows: int,
) -> None:
    MarketFactory.create(name="M")
    SkuFactory.create(code="A")
    item: Row = {"sku_code": "A", "quantity": 1}
    rows: list[Row] = [
        {
            "number": str(order),
            "market_name": "M",
            "line_items": [item | {"reference": f"L{n}"} for n in range(2)],
        }
        for order in range(3)
    ]
    with override_settings(IMPORTS_CHUNK_ROWS=chunk_rows):
        assert counts(done("orders", *rows)) == (3, 0, 0, 0)
        assert counts(done("orders", *rows)) == (0, 0, 3, 0)
        rows[1]["line_items"] = [{"reference": "L1", "quantity": 5}, item | {"reference": "L2"}]
        assert counts(done("orders", *rows)) == (0, 1, 2, 0)
    items = LineItem.objects.values_list("order__number", "reference", "quantity")
    assert sorted(items) == [
        ("0", "L0", 1),
        ("0", "L1", 1),
        ("1", "L0", 1),
        ("1", "L1", 5),
        ("1", "L2", 1),
        ("2", "L0", 1),
        ("2", "L1", 1),
    ]


def test_children_with_and_without_an_id_keep_what_their_records_have() -> None:
    order = OrderFactory.create(number="1")
    SkuFactory.create(code="A")
    new: Row = {"sku_code": "A", "quantity": 1}
    done("orders", {"number": "1", "line_items": [new | {"name": "old", "tags": ["kept"]}]})
    old = LineItem.objects.get(order=order)

    done("orders", {"number": "1", "line_items": [new, {"id": str(old.pk), "_add_tags": "more"}]})

    assert set(old.tags.values_list("name", flat=True)) == {"kept", "more"}


def test_children_that_fail_say_why_at_their_row() -> None:
    order = OrderFactory.create(number="1")
    for _ in range(2):
        LineItemFactory.create(order=order, reference="L")
    items: list[Row] = [{"reference": "L", "quantity": 1}, {"reference": "N", "name": "n"}]

    import_ = done("orders", {"number": "1", "line_items": items})

    assert errors_log(import_) == {
        "1": {
            "line_items[0].reference": ["is ambiguous"],
            "line_items[1].quantity": ["can't be blank"],
            "line_items[1].unit_amount_cents": ["can't be blank"],
        }
    }


def test_cleanup_spares_what_rows_name_by_reference_failed_ones_too() -> None:
    for reference in ("OK", "BAD", "TWICE", "TWICE", "GONE"):
        AddressFactory.create(reference=reference)
    rows: list[Row] = [
        {"reference": "OK"},
        {"reference": "BAD", "lat": "x"},
        {"reference": "TWICE", "city": "Y"},
    ]

    import_ = done("addresses", *rows, cleanup_records=True)

    assert errors_log(import_) == {
        "BAD": {"lat": ["is not a number"]},
        "TWICE": {"reference": ["is ambiguous"]},
    }
    assert import_.destroyed_count == 1
    assert not Address.objects.filter(reference="GONE").exists()


def test_a_chunk_is_looked_up_with_one_query() -> None:
    for n in range(20):
        AddressFactory.create(reference=f"R{n}")
    rows: list[Row] = [{"reference": f"R{n}", "city": "Y"} for n in range(20)]
    with CaptureQueriesContext(connection) as queries:
        assert counts(done("addresses", *rows)) == (0, 20, 0, 0)
    table = f'FROM "{Address._meta.db_table}"'
    assert sum(q["sql"].startswith("SELECT") and table in q["sql"] for q in queries) <= 2
