"""Importers of markets, payment methods and payment sources."""

from typing import Required

from imports_app.commerce.importers.base import CommonRow, CurrencyCode
from imports_app.commerce.models import (
    Customer,
    CustomerGroup,
    Market,
    PaymentMethod,
    PaymentSource,
    PriceList,
)
from imports_app.importer import Importer, Relation
from imports_app.registry import importers


@importers.register
class MarketImporter(Importer):
    """Markets by name."""

    resource_type = "markets"
    model = Market
    key = ("name",)
    relations = {
        "price_list": Relation(PriceList),
        "customer_group": Relation(CustomerGroup),
    }

    class Row(CommonRow, total=False):
        """A market."""

        name: Required[str]
        currency_code: CurrencyCode | None
        code: str | None


@importers.register
class PaymentMethodImporter(Importer):
    """Payment methods by name."""

    resource_type = "payment_methods"
    model = PaymentMethod
    key = ("name",)
    relations = {"market": Relation(Market)}

    class Row(CommonRow, total=False):
        """A payment method."""

        name: Required[str]
        currency_code: CurrencyCode | None
        price_amount_cents: int


@importers.register
class PaymentSourceImporter(Importer):
    """What customers pay with, by id."""

    resource_type = "customer_payment_sources"
    model = PaymentSource
    relations = {
        "customer": Relation(Customer, required=True),
        "payment_method": Relation(PaymentMethod),
    }
    secret = frozenset({"customer_token", "payment_source_token"})

    class Row(CommonRow, total=False):
        """A payment source."""

        customer_token: str | None
        payment_source_token: str | None
