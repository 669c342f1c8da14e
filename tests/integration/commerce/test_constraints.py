from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from imports_app.commerce.models import Customer, LineItem, LineItemOption, PriceTier, SkuListItem
from imports_app.models import Mode
from tests.factories import commerce, factory_for

pytestmark = pytest.mark.django_db

# What is part of another record, and goes with it.
NESTED: list[tuple[type[models.Model], str]] = [
    (LineItem, "order"),
    (LineItemOption, "line_item"),
    (PriceTier, "price"),
    (SkuListItem, "sku_list"),
]


@pytest.mark.parametrize(
    ("factory", "names"),
    [
        (commerce.BundleFactory, ["code", "market"]),
        (commerce.CouponFactory, ["code", "promotion_rule"]),
        (commerce.CustomerAddressFactory, ["customer", "address"]),
        (commerce.CustomerFactory, ["email"]),
        (commerce.CustomerFactory, ["shopper_reference"]),
        (commerce.CustomerFactory, ["profile_id"]),
        (commerce.CustomerGroupFactory, ["name"]),
        (commerce.CustomerSubscriptionFactory, ["customer", "reference"]),
        (commerce.GiftCardFactory, ["code"]),
        (commerce.MarketFactory, ["name"]),
        (commerce.OrderFactory, ["number"]),
        (commerce.PaymentMethodFactory, ["name"]),
        (commerce.PriceFactory, ["price_list", "sku"]),
        (commerce.PriceListFactory, ["name"]),
        (commerce.PriceTierFactory, ["price", "name"]),
        (commerce.PromotionRuleFactory, ["name"]),
        (commerce.ShippingCategoryFactory, ["name"]),
        (commerce.ShippingCategoryFactory, ["code"]),
        (commerce.SkuFactory, ["code"]),
        (commerce.SkuListFactory, ["name"]),
        (commerce.SkuListItemFactory, ["sku_list", "sku"]),
        (commerce.SkuOptionFactory, ["name", "market"]),
        (commerce.StockItemFactory, ["stock_location", "sku"]),
        (commerce.StockLocationFactory, ["name"]),
        (commerce.StockTransferFactory, ["number"]),
        (commerce.TagFactory, ["name"]),
        (commerce.TaxCalculatorFactory, ["name"]),
        (commerce.TaxCategoryFactory, ["tax_calculator", "code"]),
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


@pytest.mark.parametrize(
    ("factory", "name"), [(commerce.BundleFactory, "code"), (commerce.SkuOptionFactory, "name")]
)
def test_the_database_holds_a_key_without_a_market_once_a_mode(
    factory: type[commerce.ResourceFactory], name: str
) -> None:
    factory.create(market=None, **{name: "A"})
    factory.create(market=None, mode=Mode.LIVE, **{name: "A"})
    factory.create_batch(2, **{name: "A"})

    with pytest.raises(IntegrityError), transaction.atomic():
        factory.create(market=None, **{name: "A"})


def test_any_number_of_shipping_categories_have_no_code() -> None:
    commerce.ShippingCategoryFactory.create_batch(2, code=None)


@pytest.mark.parametrize(
    ("factory", "values"),
    [
        (commerce.AddressFactory, {"business": False, "first_name": None}),
        (commerce.AddressFactory, {"business": False, "last_name": None}),
        (commerce.AddressFactory, {"business": True, "company": None}),
        (commerce.AddressFactory, {"country_code": "nl"}),
        (commerce.BundleFactory, {"currency_code": "eur"}),
        (commerce.BundleFactory, {"currency_code": None, "market": None}),
        (commerce.GiftCardFactory, {"balance_cents": -1}),
        (commerce.GiftCardFactory, {"currency_code": "eur"}),
        (commerce.GiftCardFactory, {"currency_code": None, "market": None}),
        (commerce.LineItemFactory, {"quantity": 0}),
        (commerce.MarketFactory, {"currency_code": "eur"}),
        (commerce.OrderFactory, {"shipping_country_code_lock": "nl"}),
        (commerce.PaymentMethodFactory, {"currency_code": "eur"}),
        (commerce.PriceFactory, {"amount_cents": -1}),
        (commerce.PriceFactory, {"compare_at_amount_cents": -1}),
        (commerce.PriceListFactory, {"currency_code": "eur"}),
        (commerce.PriceTierFactory, {"tier_type": "PriceTier"}),
        (commerce.SkuFactory, {"unit_of_weight": "kg"}),
        (commerce.SkuListFactory, {"manual": False, "sku_code_regex": None}),
        (commerce.SkuOptionFactory, {"currency_code": "eur"}),
        (commerce.SkuOptionFactory, {"currency_code": None, "market": None}),
        (commerce.StockItemFactory, {"quantity": -1}),
        (commerce.StockTransferFactory, {"quantity": 0}),
    ],
)
def test_the_database_refuses_what_the_api_refuses(
    factory: type[commerce.ResourceFactory], values: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        factory.create(**values)


@pytest.mark.parametrize(
    ("model", "owner"),
    [
        (model, field.name)
        for model in apps.get_app_config("commerce").get_models()
        for field in model._meta.concrete_fields
        if field.many_to_one and (model, field.name) not in NESTED
    ],
)
def test_a_record_that_others_point_to_is_protected(model: type[models.Model], owner: str) -> None:
    record = factory_for(model).create()
    target = getattr(record, owner) or _pointed_to(record, owner)

    with pytest.raises(ProtectedError):
        target.delete()

    assert model._default_manager.filter(pk=record.pk).exists()


def _pointed_to(record: models.Model, owner: str) -> models.Model:
    """Of an item of a bundle: the factory makes one of a SKU."""
    target: models.Model = commerce.BundleFactory.create()
    type(record)._default_manager.filter(pk=record.pk).update(sku=None, **{owner: target})
    return target


@pytest.mark.parametrize(("model", "owner"), NESTED)
def test_a_record_takes_along_what_is_nested_in_it(model: type[models.Model], owner: str) -> None:
    record = factory_for(model).create()

    getattr(record, owner).delete()

    assert not model._default_manager.filter(pk=record.pk).exists()


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
