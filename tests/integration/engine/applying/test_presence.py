"""`if_exists` and `if_missing`: what a row does whose record is there, or isn't."""

from typing import Any

import pytest
from django.db import connection

from imports_app.commerce.models import Address, Customer, LineItem, Order, Sku
from imports_app.engine import writers
from imports_app.engine.writers import OrmWriter
from imports_app.models import Import
from imports_app.models.status import Status
from imports_app.registry import importers
from imports_app.services.retrying import retry_import
from imports_app.storage.log import errors_log
from tests.factories.commerce import (
    AddressFactory,
    LineItemFactory,
    MarketFactory,
    OrderFactory,
    SkuFactory,
)
from tests.running import Row, counts, done, run_import, run_to_end

pytestmark = pytest.mark.django_db(transaction=True)

THERE: Row = {"code": "THERE", "name": "New name"}
ABSENT: Row = {"code": "ABSENT", "name": "Absent"}
EXISTS = {"base": ["exists already"]}
MISSING = {"base": ["does not exist"]}


@pytest.fixture(params=["of the database", "of the ORM"], autouse=True)
def writer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "of the ORM":
        monkeypatch.setitem(writers.WRITERS, connection.vendor, OrmWriter)


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize(
    ("options", "expected", "log", "left"),
    [
        ({}, (1, 1, 0, 0), {}, {"THERE": "New name", "ABSENT": "Absent"}),
        ({"if_exists": "skip"}, (1, 0, 1, 0), {}, {"THERE": "Old", "ABSENT": "Absent"}),
        (
            {"if_exists": "fail"},
            (1, 0, 0, 1),
            {"THERE": EXISTS},
            {"THERE": "Old", "ABSENT": "Absent"},
        ),
        ({"if_missing": "skip"}, (0, 1, 1, 0), {}, {"THERE": "New name"}),
        ({"if_missing": "fail"}, (0, 1, 0, 1), {"ABSENT": MISSING}, {"THERE": "New name"}),
        ({"if_exists": "skip", "if_missing": "skip"}, (0, 0, 2, 0), {}, {"THERE": "Old"}),
        (
            {"if_exists": "fail", "if_missing": "fail"},
            (0, 0, 0, 2),
            {"THERE": EXISTS, "ABSENT": MISSING},
            {"THERE": "Old"},
        ),
    ],
)
def test_each_option_decides_about_its_rows(
    options: Row, expected: tuple[int, ...], log: Row, left: Row, *, dry_run: bool
) -> None:
    SkuFactory.create(code="THERE", name="Old")

    import_ = done("skus", THERE, ABSENT, dry_run=dry_run, **options)

    assert counts(import_) == expected
    assert errors_log(import_) == log
    wanted = {"THERE": "Old"} if dry_run else left
    assert dict(Sku.objects.values_list("code", "name")) == wanted


@pytest.mark.parametrize(
    ("if_exists", "expected"), [("skip", (1, 0, 1, 0)), ("fail", (1, 0, 0, 1))]
)
def test_a_record_that_an_earlier_row_made_is_there(
    if_exists: str, expected: tuple[int, ...]
) -> None:
    import_ = done("skus", ABSENT, {**ABSENT, "name": "Again"}, if_exists=if_exists)

    assert counts(import_) == expected
    assert Sku.objects.get().name == "Absent"


def test_a_record_named_by_id_is_there() -> None:
    sku = SkuFactory.create(code="OLD", name="Old")

    import_ = done("skus", {"id": str(sku.pk), "code": "NEW"}, if_exists="skip")

    assert (counts(import_), import_.warnings_count) == ((0, 0, 1, 0), 0)
    assert Sku.objects.get().code == "OLD"


@pytest.mark.parametrize("if_missing", ["skip", "fail"])
def test_an_id_that_names_nothing_fails_as_ever(if_missing: str) -> None:
    import_ = done("skus", {"id": "0", "name": "x"}, if_missing=if_missing)

    assert errors_log(import_) == {"inputs[0]": {"id": ["must exist"]}}


def test_a_row_that_may_not_create_need_not_have_what_a_record_needs() -> None:
    assert counts(done("skus", {"code": "ABSENT"}, if_missing="skip")) == (0, 0, 1, 0)
    assert errors_log(done("skus", {"code": "ABSENT"}, if_missing="fail")) == {"ABSENT": MISSING}


def test_a_row_that_is_wrong_fails_although_it_would_be_skipped() -> None:
    SkuFactory.create(code="THERE")

    import_ = done("skus", {"code": "THERE", "weight": "x"}, if_exists="skip")

    assert errors_log(import_) == {"THERE": {"weight": ["is not a number"]}}


ADDRESS = {"line_1": "1 High Street", "city": "Oxford", "country_code": "GB", "state_code": "OX",
           "zip_code": "OX1", "phone": "1", "first_name": "A", "last_name": "B"}  # fmt: skip


@pytest.mark.parametrize(
    ("options", "expected", "log"),
    [
        ({"if_exists": "skip"}, (1, 0, 1, 0), {}),
        ({"if_exists": "fail"}, (1, 0, 0, 1), {"there": EXISTS}),
        ({"if_missing": "skip"}, (0, 1, 1, 0), {}),
        ({"if_missing": "fail"}, (0, 1, 0, 1), {"absent": MISSING}),
    ],
)
def test_a_reference_finds_what_is_there(options: Row, expected: tuple[int, ...], log: Row) -> None:
    AddressFactory.create(reference="there", city="Bath")

    import_ = done(
        "addresses",
        {**ADDRESS, "reference": "there"},
        {**ADDRESS, "reference": "absent"},
        **options,
    )

    assert (counts(import_), errors_log(import_)) == (expected, log)
    assert Address.objects.count() == 1 + expected[0]


@pytest.mark.parametrize(
    ("if_missing", "expected"), [("skip", (0, 0, 1, 0)), ("fail", (0, 0, 0, 1))]
)
def test_a_row_that_names_no_record_has_none(if_missing: str, expected: tuple[int, ...]) -> None:
    assert counts(done("addresses", ADDRESS, if_missing=if_missing)) == expected
    assert not Address.objects.exists()


def orders(**options: Any) -> Import:
    market = str(MarketFactory.create().pk)
    there = OrderFactory.create(number="1")
    LineItemFactory.create(order=there, reference="a", quantity=1)
    item = {"reference": "a", "quantity": 9, "sku_code": SkuFactory.create(code="S").code}
    rows = [
        {"number": number, "market_id": market, "customer_email": f"{number}@shop.test",
         "line_items": [item], "tags": [f"tag-{number}"]}
        for number in "12"
    ]  # fmt: skip
    import_ = done("orders", *rows, **options)
    assert errors_log(import_) == {}
    return import_


def test_a_skipped_row_brings_nothing_along() -> None:
    assert counts(orders(if_exists="skip", if_missing="skip")) == (0, 0, 2, 0)

    assert not Customer.objects.filter(email__endswith="@shop.test").exists()
    assert [item.quantity for item in LineItem.objects.all()] == [1]
    assert not Order.tags.through.objects.exists()


def test_records_that_may_only_be_updated_may_get_new_children() -> None:
    import_ = orders(if_missing="skip")

    assert counts(import_) == (0, 1, 1, 0)
    assert Order.objects.get().line_items.get().quantity == 9
    assert not Customer.objects.filter(email="2@shop.test").exists()


def test_cleanup_leaves_skipped_and_failed_rows_records_alone() -> None:
    for code in ("THERE", "OTHER"):
        SkuFactory.create(code=code)
    for if_exists in ("skip", "fail"):
        import_ = done("skus", THERE, if_exists=if_exists, cleanup_records=True)
        assert {*Sku.objects.values_list("code", flat=True)} == {"THERE"}, if_exists
    assert import_.destroyed_count == 0


def test_a_retry_does_the_same_with_its_rows() -> None:
    SkuFactory.create(code="THERE", name="Old")
    first = run_import(
        importers.get("skus"),
        [THERE, ABSENT],
        if_exists="fail",
        if_missing="skip",
        skip_errors=True,
    )
    assert first.status == Status.COMPLETED

    retry = run_to_end(retry_import(import_=first))

    assert (retry.if_exists, retry.if_missing) == ("fail", "skip")
    assert errors_log(retry) == {"THERE": EXISTS}


def test_values_that_skipped_rows_would_exchange_stay() -> None:
    a, b = SkuFactory.create(code="A"), SkuFactory.create(code="B")

    rows = [{"id": str(a.pk), "code": "B"}, {"id": str(b.pk), "code": "A"}]
    import_ = done("skus", *rows, if_exists="skip")

    assert counts(import_) == (0, 0, 2, 0)
    assert dict(Sku.objects.values_list("pk", "code")) == {a.pk: "A", b.pk: "B"}
