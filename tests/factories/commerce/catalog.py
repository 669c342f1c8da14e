"""What is sold, what it costs, and where it is in store."""

from factory.declarations import Iterator, Sequence

from imports_app.commerce import models
from tests.factories.commerce.base import ResourceFactory, same_mode
from tests.factories.commerce.customers import AddressFactory


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


class PriceTierFactory(ResourceFactory):
    class Meta:
        model = models.PriceTier

    price = same_mode(PriceFactory)
    tier_type = Iterator(models.PriceTierType.values)
    name = Sequence("Price tier {}".format)
    up_to = Sequence(lambda n: 10 + n)
    price_amount_cents = Sequence(lambda n: 900 + n)


class StockLocationFactory(ResourceFactory):
    class Meta:
        model = models.StockLocation

    name = Sequence("Stock location {}".format)
    code = Sequence("LOCATION-{}".format)
    address = same_mode(AddressFactory)


class StockItemFactory(ResourceFactory):
    class Meta:
        model = models.StockItem

    stock_location = same_mode(StockLocationFactory)
    sku = same_mode(SkuFactory)
    quantity = Sequence(lambda n: n)


class StockTransferFactory(ResourceFactory):
    class Meta:
        model = models.StockTransfer

    number = Sequence("TRANSFER-{}".format)
    quantity = Sequence(lambda n: n + 1)
    sku = same_mode(SkuFactory)
    origin_stock_location = same_mode(StockLocationFactory)
    destination_stock_location = same_mode(StockLocationFactory)


class TaxCalculatorFactory(ResourceFactory):
    class Meta:
        model = models.TaxCalculator

    name = Sequence("Tax calculator {}".format)


class TaxCategoryFactory(ResourceFactory):
    class Meta:
        model = models.TaxCategory

    code = Sequence("TAX-{}".format)
    sku = same_mode(SkuFactory)
    tax_calculator = same_mode(TaxCalculatorFactory)
