"""Records of the catalogue, with every attribute set.

Of two records made in a row every attribute differs, so that either can stand for a change.
"""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from imports_app.commerce import models
from imports_app.models import Mode


class ResourceFactory(DjangoModelFactory[Any]):
    """What every record has; relations are to records of the same mode."""

    class Meta:
        abstract = True

    mode = Mode.TEST
    reference = factory.Sequence("reference-{}".format)
    reference_origin = factory.Sequence("origin-{}".format)
    metadata = factory.Sequence(lambda n: {"number": n})


def same_mode(made_by: type[ResourceFactory]) -> Any:
    """A relation to a record made by that factory."""
    return factory.SubFactory(made_by, mode=factory.SelfAttribute("..mode"))


class ShippingCategoryFactory(ResourceFactory):
    class Meta:
        model = models.ShippingCategory

    name = factory.Sequence("Shipping category {}".format)
    code = factory.Sequence("CATEGORY-{}".format)


class SkuFactory(ResourceFactory):
    class Meta:
        model = models.Sku

    code = factory.Sequence("SKU-{}".format)
    name = factory.Sequence("SKU {}".format)
    description = factory.Sequence("The SKU of number {}.".format)
    image_url = factory.Sequence("https://images.example/{}.png".format)
    pieces_per_pack = factory.Sequence(lambda n: n + 1)
    weight = factory.Sequence(lambda n: n + 0.5)
    unit_of_weight = factory.Iterator(models.UnitOfWeight.values)
    hs_tariff_number = factory.Sequence("0902.{}".format)
    do_not_ship = factory.Iterator([False, True])
    do_not_track = factory.Iterator([True, False])
    shipping_category = same_mode(ShippingCategoryFactory)


class PriceListFactory(ResourceFactory):
    class Meta:
        model = models.PriceList

    name = factory.Sequence("Price list {}".format)
    code = factory.Sequence("LIST-{}".format)
    currency_code = factory.Iterator(["EUR", "USD", "GBP"])
    tax_included = factory.Iterator([True, False])


class PriceFactory(ResourceFactory):
    class Meta:
        model = models.Price

    price_list = same_mode(PriceListFactory)
    sku = same_mode(SkuFactory)
    amount_cents = factory.Sequence(lambda n: 1_000 + n)
    compare_at_amount_cents = factory.Sequence(lambda n: 1_500 + n)
    rules = factory.Sequence(lambda n: {"number": n})


class StockLocationFactory(ResourceFactory):
    class Meta:
        model = models.StockLocation

    name = factory.Sequence("Stock location {}".format)
    code = factory.Sequence("LOCATION-{}".format)


class StockItemFactory(ResourceFactory):
    class Meta:
        model = models.StockItem

    stock_location = same_mode(StockLocationFactory)
    sku = same_mode(SkuFactory)
    quantity = factory.Sequence(lambda n: n)


class CustomerFactory(ResourceFactory):
    class Meta:
        model = models.Customer

    email = factory.Sequence("customer-{}@example.com".format)
    shopper_reference = factory.Sequence("shopper-{}".format)
    profile_id = factory.Sequence("profile-{}".format)
    tax_exemption_code = factory.Sequence("EXEMPT-{}".format)


class TagFactory(ResourceFactory):
    class Meta:
        model = models.Tag

    name = factory.Sequence("tag-{}".format)
