"""Where things are sold, how they are paid, and what makes them cheaper."""

from factory.declarations import Iterator, Sequence

from imports_app.commerce import models
from tests.factories.commerce.base import ResourceFactory, moments, same_mode
from tests.factories.commerce.catalog import PriceListFactory, SkuFactory
from tests.factories.commerce.customers import CustomerFactory, CustomerGroupFactory


class MarketFactory(ResourceFactory):
    class Meta:
        model = models.Market

    name = Sequence("Market {}".format)
    currency_code = Iterator(["EUR", "USD", "GBP"])
    code = Sequence("MARKET-{}".format)
    price_list = same_mode(PriceListFactory)
    customer_group = same_mode(CustomerGroupFactory)


class PaymentMethodFactory(ResourceFactory):
    class Meta:
        model = models.PaymentMethod

    name = Sequence("Payment method {}".format)
    currency_code = Iterator(["EUR", "USD", "GBP"])
    price_amount_cents = Sequence(lambda n: 100 + n)
    market = same_mode(MarketFactory)


class PaymentSourceFactory(ResourceFactory):
    class Meta:
        model = models.PaymentSource

    customer_token = Sequence("customer-token-{}".format)
    payment_source_token = Sequence("source-token-{}".format)
    customer = same_mode(CustomerFactory)
    payment_method = same_mode(PaymentMethodFactory)


class PromotionRuleFactory(ResourceFactory):
    class Meta:
        model = models.PromotionRule

    name = Sequence("Promotion rule {}".format)
    starts_at = moments()
    expires_at = moments()
    total_usage_limit = Sequence(lambda n: 10 + n)
    market = same_mode(MarketFactory)


class CouponFactory(ResourceFactory):
    class Meta:
        model = models.Coupon

    code = Sequence("COUPON-{}".format)
    customer_single_use = Iterator([True, False])
    usage_limit = Sequence(lambda n: 1 + n)
    recipient_email = Sequence("coupon-{}@example.com".format)
    expires_at = moments()
    promotion_rule = same_mode(PromotionRuleFactory)


class GiftCardFactory(ResourceFactory):
    class Meta:
        model = models.GiftCard

    code = Sequence("GIFT-{}".format)
    currency_code = Iterator(["EUR", "USD", "GBP"])
    balance_cents = Sequence(lambda n: 5_000 + n)
    balance_max_cents = Sequence(lambda n: 9_000 + n)
    single_use = Iterator([True, False])
    rechargeable = Iterator([False, True])
    distribute_discount = Iterator([False, True])
    image_url = Sequence("https://images.example/gift-{}.png".format)
    expires_at = moments()
    recipient_email = Sequence("gift-{}@example.com".format)
    market = same_mode(MarketFactory)


class SkuListFactory(ResourceFactory):
    class Meta:
        model = models.SkuList

    name = Sequence("SKU list {}".format)
    description = Sequence("The list of number {}.".format)
    image_url = Sequence("https://images.example/list-{}.png".format)
    manual = Iterator([True, False])
    sku_code_regex = Sequence("^SKU-{}".format)
    customer = same_mode(CustomerFactory)


class SkuListItemFactory(ResourceFactory):
    class Meta:
        model = models.SkuListItem

    sku_list = same_mode(SkuListFactory)
    sku = same_mode(SkuFactory)
    position = Sequence(lambda n: n)
    quantity = Sequence(lambda n: 2 + n)


class BundleFactory(ResourceFactory):
    class Meta:
        model = models.Bundle

    code = Sequence("BUNDLE-{}".format)
    name = Sequence("Bundle {}".format)
    currency_code = Iterator(["EUR", "USD", "GBP"])
    description = Sequence("The bundle of number {}.".format)
    image_url = Sequence("https://images.example/bundle-{}.png".format)
    price_amount_cents = Sequence(lambda n: 4_000 + n)
    compare_at_amount_cents = Sequence(lambda n: 5_000 + n)
    market = same_mode(MarketFactory)
    sku_list = same_mode(SkuListFactory)


class SkuOptionFactory(ResourceFactory):
    class Meta:
        model = models.SkuOption

    name = Sequence("SKU option {}".format)
    currency_code = Iterator(["EUR", "USD", "GBP"])
    description = Sequence("The option of number {}.".format)
    price_amount_cents = Sequence(lambda n: 200 + n)
    delay_hours = Sequence(lambda n: 1 + n)
    sku_code_regex = Sequence("^SKU-{}".format)
    market = same_mode(MarketFactory)
