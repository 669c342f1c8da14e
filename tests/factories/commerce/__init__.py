"""Records of the catalogue, with every attribute set.

Of two records made in a row every attribute differs, so that either can stand for a change.
"""

from tests.factories.commerce.base import ResourceFactory
from tests.factories.commerce.catalog import (
    PriceFactory,
    PriceListFactory,
    PriceTierFactory,
    ShippingCategoryFactory,
    SkuFactory,
    StockItemFactory,
    StockLocationFactory,
    StockTransferFactory,
    TaxCalculatorFactory,
    TaxCategoryFactory,
)
from tests.factories.commerce.customers import (
    AddressFactory,
    CustomerAddressFactory,
    CustomerFactory,
    CustomerGroupFactory,
    CustomerSubscriptionFactory,
    TagFactory,
)
from tests.factories.commerce.markets import (
    BundleFactory,
    CouponFactory,
    GiftCardFactory,
    MarketFactory,
    PaymentMethodFactory,
    PaymentSourceFactory,
    PromotionRuleFactory,
    SkuListFactory,
    SkuListItemFactory,
    SkuOptionFactory,
)
from tests.factories.commerce.orders import LineItemFactory, LineItemOptionFactory, OrderFactory

__all__ = [
    "AddressFactory",
    "BundleFactory",
    "CouponFactory",
    "CustomerAddressFactory",
    "CustomerFactory",
    "CustomerGroupFactory",
    "CustomerSubscriptionFactory",
    "GiftCardFactory",
    "LineItemFactory",
    "LineItemOptionFactory",
    "MarketFactory",
    "OrderFactory",
    "PaymentMethodFactory",
    "PaymentSourceFactory",
    "PriceFactory",
    "PriceListFactory",
    "PriceTierFactory",
    "PromotionRuleFactory",
    "ResourceFactory",
    "ShippingCategoryFactory",
    "SkuFactory",
    "SkuListFactory",
    "SkuListItemFactory",
    "SkuOptionFactory",
    "StockItemFactory",
    "StockLocationFactory",
    "StockTransferFactory",
    "TagFactory",
    "TaxCalculatorFactory",
    "TaxCategoryFactory",
]
