"""The catalogue's tables, by family."""

from imports_app.commerce.models.addresses import Address
from imports_app.commerce.models.catalog import ShippingCategory, Sku, UnitOfWeight
from imports_app.commerce.models.customers import (
    Customer,
    CustomerAddress,
    CustomerGroup,
    CustomerSubscription,
)
from imports_app.commerce.models.line_items import LineItem, LineItemOption
from imports_app.commerce.models.markets import Market, PaymentMethod, PaymentSource
from imports_app.commerce.models.offers import Bundle, SkuOption
from imports_app.commerce.models.orders import Order
from imports_app.commerce.models.prices import Price, PriceList, PriceTier, PriceTierType
from imports_app.commerce.models.promotions import Coupon, GiftCard, PromotionRule
from imports_app.commerce.models.sku_lists import SkuList, SkuListItem
from imports_app.commerce.models.stock import StockItem, StockLocation, StockTransfer
from imports_app.commerce.models.tags import Tag
from imports_app.commerce.models.taxes import TaxCalculator, TaxCategory

__all__ = [
    "Address",
    "Bundle",
    "Coupon",
    "Customer",
    "CustomerAddress",
    "CustomerGroup",
    "CustomerSubscription",
    "GiftCard",
    "LineItem",
    "LineItemOption",
    "Market",
    "Order",
    "PaymentMethod",
    "PaymentSource",
    "Price",
    "PriceList",
    "PriceTier",
    "PriceTierType",
    "PromotionRule",
    "ShippingCategory",
    "Sku",
    "SkuList",
    "SkuListItem",
    "SkuOption",
    "StockItem",
    "StockLocation",
    "StockTransfer",
    "Tag",
    "TaxCalculator",
    "TaxCategory",
    "UnitOfWeight",
]
