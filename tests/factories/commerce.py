"""Records of the catalogue, with every attribute set.

Of two records made in a row every attribute differs, so that either can stand for a change.
"""

from typing import Any

from factory.declarations import Iterator, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from imports_app.commerce import models
from imports_app.models import Mode


class ResourceFactory(DjangoModelFactory[Any]):
    """What every record has; relations are to records of the same mode."""

    class Meta:
        abstract = True

    mode = Mode.TEST
    reference = Sequence("reference-{}".format)
    reference_origin = Sequence("origin-{}".format)
    metadata = Sequence(lambda n: {"number": n})


def same_mode(made_by: type[ResourceFactory]) -> Any:
    """A relation to a record made by that factory."""
    return SubFactory(made_by, mode=SelfAttribute("..mode"))


class ShippingCategoryFactory(ResourceFactory):
    class Meta:
        model = models.ShippingCategory

    name = Sequence("Shipping category {}".format)
    code = Sequence("CATEGORY-{}".format)


class SkuFactory(ResourceFactory):
    class Meta:
        model = models.Sku

    code = Sequence("SKU-{}".format)
    name = Sequence("SKU {}".format)
    description = Sequence("The SKU of number {}.".format)
    image_url = Sequence("https://images.example/{}.png".format)
    pieces_per_pack = Sequence(lambda n: n + 1)
    weight = Sequence(lambda n: n + 0.5)
    unit_of_weight = Iterator(models.UnitOfWeight.values)
    hs_tariff_number = Sequence("0902.{}".format)
    do_not_ship = Iterator([False, True])
    do_not_track = Iterator([True, False])
    shipping_category = same_mode(ShippingCategoryFactory)


class PriceListFactory(ResourceFactory):
    class Meta:
        model = models.PriceList

    name = Sequence("Price list {}".format)
    code = Sequence("LIST-{}".format)
    currency_code = Iterator(["EUR", "USD", "GBP"])
    tax_included = Iterator([True, False])


class PriceFactory(ResourceFactory):
    class Meta:
        model = models.Price

    price_list = same_mode(PriceListFactory)
    sku = same_mode(SkuFactory)
    amount_cents = Sequence(lambda n: 1_000 + n)
    compare_at_amount_cents = Sequence(lambda n: 1_500 + n)
    rules = Sequence(lambda n: {"number": n})


class StockLocationFactory(ResourceFactory):
    class Meta:
        model = models.StockLocation

    name = Sequence("Stock location {}".format)
    code = Sequence("LOCATION-{}".format)


class StockItemFactory(ResourceFactory):
    class Meta:
        model = models.StockItem

    stock_location = same_mode(StockLocationFactory)
    sku = same_mode(SkuFactory)
    quantity = Sequence(lambda n: n)


class CustomerFactory(ResourceFactory):
    class Meta:
        model = models.Customer

    email = Sequence("customer-{}@example.com".format)
    shopper_reference = Sequence("shopper-{}".format)
    profile_id = Sequence("profile-{}".format)
    tax_exemption_code = Sequence("EXEMPT-{}".format)


class TagFactory(ResourceFactory):
    class Meta:
        model = models.Tag

    name = Sequence("tag-{}".format)
