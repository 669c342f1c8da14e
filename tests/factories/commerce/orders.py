"""Who bought what."""

from factory.declarations import Iterator, Sequence

from imports_app.commerce import models
from tests.factories.commerce.base import ResourceFactory, moments, same_mode
from tests.factories.commerce.catalog import SkuFactory
from tests.factories.commerce.customers import AddressFactory, CustomerFactory
from tests.factories.commerce.markets import MarketFactory, PaymentMethodFactory, SkuOptionFactory


class OrderFactory(ResourceFactory):
    class Meta:
        model = models.Order

    number = Sequence("ORDER-{}".format)
    affiliate_code = Sequence("AFFILIATE-{}".format)
    autorefresh = Iterator([False, True])
    place_async = Iterator([True, False])
    guest = Iterator([True, False])
    language_code = Iterator(["en", "it", "nl"])
    freight_taxable = Iterator([True, False])
    payment_method_taxable = Iterator([True, False])
    adjustment_taxable = Iterator([True, False])
    gift_card_taxable = Iterator([True, False])
    shipping_country_code_lock = Iterator(["NL", "IT", "US"])
    coupon_code = Sequence("COUPON-{}".format)
    gift_card_code = Sequence("GIFT-{}".format)
    gift_card_or_coupon_code = Sequence("CODE-{}".format)
    expiration_info = Sequence(lambda n: {"summary": f"in {n} days"})
    cart_url = Sequence("https://shop.example/cart/{}".format)
    return_url = Sequence("https://shop.example/return/{}".format)
    terms_url = Sequence("https://shop.example/terms/{}".format)
    privacy_url = Sequence("https://shop.example/privacy/{}".format)
    expires_at = moments()
    market = same_mode(MarketFactory)
    customer = same_mode(CustomerFactory)
    shipping_address = same_mode(AddressFactory)
    billing_address = same_mode(AddressFactory)
    payment_method = same_mode(PaymentMethodFactory)


class LineItemFactory(ResourceFactory):
    class Meta:
        model = models.LineItem

    quantity = Sequence(lambda n: 1 + n)
    unit_amount_cents = Sequence(lambda n: 1_000 + n)
    compare_at_amount_cents = Sequence(lambda n: 1_500 + n)
    name = Sequence("Line item {}".format)
    image_url = Sequence("https://images.example/item-{}.png".format)
    item_type = Sequence("type-{}".format)
    frequency = Iterator(["weekly", "monthly"])
    order = same_mode(OrderFactory)
    sku = same_mode(SkuFactory)
    bundle = None  # it is one or the other


class LineItemOptionFactory(ResourceFactory):
    class Meta:
        model = models.LineItemOption

    name = Sequence("Option {}".format)
    quantity = Sequence(lambda n: 1 + n)
    unit_amount_cents = Sequence(lambda n: 100 + n)
    options = Sequence(lambda n: {"text": f"For number {n}"})
    line_item = same_mode(LineItemFactory)
    sku_option = same_mode(SkuOptionFactory)
