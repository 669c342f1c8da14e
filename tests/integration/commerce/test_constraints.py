from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from imports_app.commerce.models import Customer, Price, Sku, StockItem
from imports_app.models import Mode
from tests.factories import commerce

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("factory", "names"),
    [
        (commerce.CustomerFactory, ["email"]),
        (commerce.CustomerFactory, ["shopper_reference"]),
        (commerce.CustomerFactory, ["profile_id"]),
        (commerce.PriceFactory, ["price_list", "sku"]),
        (commerce.PriceListFactory, ["name"]),
        (commerce.ShippingCategoryFactory, ["name"]),
        (commerce.ShippingCategoryFactory, ["code"]),
        (commerce.SkuFactory, ["code"]),
        (commerce.StockItemFactory, ["stock_location", "sku"]),
        (commerce.StockLocationFactory, ["name"]),
        (commerce.TagFactory, ["name"]),
    ],
)
def test_the_database_holds_a_key_once_a_mode(
    factory: type[commerce.ResourceFactory], names: list[str]
) -> None:
    record = factory.create(mode=Mode.TEST)
    same = {name: getattr(record, name) for name in names}

    with pytest.raises(IntegrityError), transaction.atomic():
        factory.create(mode=Mode.TEST, **same)

    assert factory.create(mode=Mode.LIVE, **same).pk != record.pk


def test_any_number_of_shipping_categories_have_no_code() -> None:
    commerce.ShippingCategoryFactory.create_batch(2, code=None)


@pytest.mark.parametrize(
    ("factory", "values"),
    [
        (commerce.PriceFactory, {"amount_cents": -1}),
        (commerce.PriceFactory, {"compare_at_amount_cents": -1}),
        (commerce.PriceListFactory, {"currency_code": "eur"}),
        (commerce.SkuFactory, {"unit_of_weight": "kg"}),
        (commerce.StockItemFactory, {"quantity": -1}),
    ],
)
def test_the_database_refuses_what_the_api_refuses(
    factory: type[commerce.ResourceFactory], values: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        factory.create(**values)


@pytest.mark.parametrize(
    ("model", "factory", "owner"),
    [
        (Sku, commerce.SkuFactory, "shipping_category"),
        (Price, commerce.PriceFactory, "sku"),
        (Price, commerce.PriceFactory, "price_list"),
        (StockItem, commerce.StockItemFactory, "sku"),
        (StockItem, commerce.StockItemFactory, "stock_location"),
    ],
)
def test_a_record_that_others_point_to_is_protected(
    model: type[models.Model], factory: type[commerce.ResourceFactory], owner: str
) -> None:
    record = factory.create()

    with pytest.raises(ProtectedError):
        getattr(record, owner).delete()

    assert model._default_manager.filter(pk=record.pk).exists()


def test_a_customer_gets_references_that_differ() -> None:
    first = Customer.objects.create(mode=Mode.TEST, email="ada@example.com")
    second = Customer.objects.create(mode=Mode.TEST, email="grace@example.com")

    references = {
        first.shopper_reference,
        first.profile_id,
        second.shopper_reference,
        second.profile_id,
    }
    assert len(references) == 4
