"""Blanks around a name and the way its letters are composed make no other record of it."""

from typing import Any

import pytest

from imports_app.commerce.models import (
    Address,
    Customer,
    GiftCard,
    Order,
    Price,
    PriceTier,
    ShippingCategory,
    Sku,
    StockItem,
    Tag,
)
from imports_app.importer import Importer
from imports_app.models import Format
from imports_app.models.status import Status
from imports_app.registry import importers
from imports_app.storage.log import errors_log, warnings_log
from tests.factories.commerce import (
    CustomerFactory,
    MarketFactory,
    PriceListFactory,
    SkuFactory,
    StockLocationFactory,
)
from tests.running import Row, row_errors, run_import

pytestmark = pytest.mark.django_db(transaction=True)

SKUS = importers.get("skus")
CATEGORIES = importers.get("shipping_categories")
# Blank, no-break space, zero-width space, byte order mark, word joiner, ideographic space.
FORMS = ["{}", "{} ", " {}", "{}\u00a0", "{}\u200b", "\ufeff{}", "{}\u2060", "\u3000{}\t"]
# They are gone before the database is asked, so that one of them shows for it what all do.
BLANK = [*(pytest.param(form, marks=pytest.mark.once) for form in FORMS[1:-1]), FORMS[-1]]
each_blank = pytest.mark.parametrize("form", BLANK)
each_form = pytest.mark.parametrize("form", ["{}", *BLANK])
COMPOSED, DECOMPOSED = "Caf\u00e9", "Cafe\u0301"
ADDRESS: Row = {
    "first_name": "A",
    "last_name": "B",
    "line_1": "1 Road",
    "city": "Town",
    "country_code": "GB",
    "phone": "1",
}


def done(importer: Importer, rows: list[Row], **attributes: Any) -> tuple[int, int, int]:
    """How many records were created, updated, and met unchanged."""
    import_ = run_import(importer, rows, skip_errors=True, **attributes)
    assert (import_.status, row_errors(import_)) == (Status.COMPLETED, {})
    return import_.created_count, import_.updated_count, import_.unchanged_count


@pytest.mark.parametrize("format_", [Format.JSON, Format.CSV])
def test_a_key_with_blanks_around_it_is_the_same_key(format_: str) -> None:
    rows = [{"code": form.format("WS-1"), "name": str(n)} for n, form in enumerate(FORMS)]

    import_ = run_import(SKUS, rows, format=format_)

    assert (import_.created_count, import_.updated_count) == (1, len(FORMS) - 1)
    assert list(Sku.objects.values_list("code", "name")) == [("WS-1", str(len(FORMS) - 1))]
    assert import_.warnings_count == len(FORMS) - 1
    assert "inputs[0] and inputs[1] are the same record" in warnings_log(import_)["WS-1"]


@pytest.mark.parametrize("first", [COMPOSED, DECOMPOSED])
def test_keys_are_compared_and_stored_composed(first: str) -> None:
    second = DECOMPOSED if first == COMPOSED else COMPOSED
    assert done(CATEGORIES, [{"name": first}]) == (1, 0, 0)
    assert done(CATEGORIES, [{"name": second}, {"name": first}]) == (0, 0, 2)
    assert ShippingCategory.objects.get().name == COMPOSED


@each_blank
def test_cleanup_spares_what_a_row_names_with_blanks(form: str) -> None:
    gold = ShippingCategory.objects.create(name="Gold", code="G", mode="test")

    import_ = run_import(
        CATEGORIES,
        [{"name": form.format("Gold")}, {"name": "Silver"}],
        cleanup_records=True,
        format=Format.CSV,
    )

    assert (import_.destroyed_count, import_.unchanged_count) == (0, 1)
    assert ShippingCategory.objects.filter(pk=gold.pk, code="G").exists()
    assert ShippingCategory.objects.count() == 2


@each_blank
def test_cleanup_spares_what_a_failed_row_names_with_blanks(form: str) -> None:
    SkuFactory.create(code=COMPOSED)

    import_ = run_import(
        SKUS,
        [{"code": form.format(DECOMPOSED), "weight": "x"}],
        cleanup_records=True,
        skip_errors=True,
    )

    assert errors_log(import_) == {COMPOSED: {"weight": ["is not a number"]}}
    assert (import_.destroyed_count, Sku.objects.count()) == (0, 1)


@pytest.mark.once
@pytest.mark.parametrize("blank", [" ", "\u200b", "\u00a0\ufeff"])
def test_a_key_of_blanks_alone_is_missing(blank: str) -> None:
    SkuFactory.create(code="KEPT")

    import_ = run_import(
        SKUS, [{"code": blank, "name": "n"}], cleanup_records=True, skip_errors=True
    )

    assert errors_log(import_) == {"inputs[0]": {"code": ["can't be blank"]}}
    assert (import_.destroyed_count, import_.warnings_count) == (0, 1)


@each_form
def test_an_email_has_no_blanks_around_it(form: str) -> None:
    customer = CustomerFactory.create(email="john@example.com")
    email = form.format("JOHN@EXAMPLE.COM")

    assert done(importers.get("customers"), [{"email": email, "tax_exemption_code": "C"}])[1] == 1
    assert Customer.objects.get(pk=customer.pk).tax_exemption_code == "C"
    done(importers.get("customer_subscriptions"), [{"customer_email": email, "reference": "R"}])
    done(importers.get("addresses"), [ADDRESS | {"email": email}])
    done(
        importers.get("gift_cards"),
        [{"balance_cents": 1, "currency_code": "EUR"} | {"recipient_email": email}],
    )
    assert Customer.objects.count() == 1
    assert Address.objects.get().email == "JOHN@EXAMPLE.COM"
    assert GiftCard.objects.get().recipient_email == "JOHN@EXAMPLE.COM"


@each_form
def test_the_name_of_a_target_has_no_blanks_around_it(form: str) -> None:
    sku = SkuFactory.create(code=COMPOSED, reference=None)
    location = StockLocationFactory.create(name="North")
    done(SKUS, [{"id": form.format(sku.pk), "reference": form.format("REF")}])
    rows: list[Row] = [
        {name: form.format(value), "stock_location_name": form.format("North"), "quantity": n}
        for n, (name, value) in enumerate(
            [("sku_code", DECOMPOSED), ("sku_id", sku.pk), ("sku_reference", "REF")]
        )
    ]

    assert done(importers.get("stock_items"), rows) == (1, 2, 0)
    item = StockItem.objects.get()
    assert (item.sku_id, item.stock_location_id, item.quantity) == (sku.pk, location.pk, 2)
    assert Sku.objects.get().reference == "REF"


@each_form
def test_the_key_of_a_child_has_no_blanks_around_it(form: str) -> None:
    PriceListFactory.create(name="L")
    SkuFactory.create(code="A")
    tiers = [
        {"name": name, "price_amount_cents": n} for n, name in enumerate(["T", form.format("T")])
    ]
    row = {"price_list_name": form.format("L"), "sku_code": "A", "amount_cents": 1}

    done(importers.get("prices"), [row | {"price_tiers": [tier]} for tier in tiers])

    assert Price.objects.count() == 1
    assert list(PriceTier.objects.values_list("name", "price_amount_cents")) == [("T", 1)]


@each_form
def test_the_name_of_a_tag_has_no_blanks_around_it(form: str) -> None:
    tag = Tag.objects.create(name="red", mode="test")
    MarketFactory.create(name="M")
    name = form.format("red")
    row: Row = {"number": "1", "market_name": "M"}

    for tags in (
        {"tags": [name]},
        {"tags": [{"name": name}]},
        {"tags": [{"id": form.format(tag.pk)}]},
    ):
        done(importers.get("orders"), [row | tags])
        assert list(Order.objects.get().tags.all()) == [tag]
    done(importers.get("orders"), [row | {"_add_tags": f"blue,{name}"}])
    done(importers.get("orders"), [row | {"_remove_tags": f"{name},"}])

    assert list(Order.objects.get().tags.values_list("name", flat=True)) == ["blue"]
    assert Tag.objects.count() == 2


def test_cleanup_spares_what_others_wrote_so_that_no_row_can_name_it() -> None:
    ShippingCategory.objects.create(name="Gold ", code="G", mode="test")

    import_ = run_import(CATEGORIES, [{"name": "Gold "}], cleanup_records=True)

    assert (import_.created_count, import_.destroyed_count) == (1, 0)
    assert warnings_log(import_) == {
        "Gold ": [
            "was not destroyed: no row can name it, its key has blanks around it or is not in NFC"
        ]
    }
    assert sorted(ShippingCategory.objects.values_list("name", "code")) == [
        ("Gold", None),
        ("Gold ", "G"),
    ]


def test_a_row_with_an_id_mends_a_key_that_no_row_can_name() -> None:
    gold = ShippingCategory.objects.create(name="Gold ", mode="test")
    assert done(CATEGORIES, [{"id": str(gold.pk), "name": "Gold "}]) == (0, 1, 0)
    assert ShippingCategory.objects.get().name == "Gold"
