"""Markets, payment methods and payment sources."""

from django.db import models

from imports_app.commerce.models.base import TEXT_LENGTH, Resource
from imports_app.commerce.models.constraints import is_currency_code
from imports_app.commerce.models.customers import Customer, CustomerGroup
from imports_app.commerce.models.prices import PriceList


class Market(Resource):
    """A group of customers to whom the same prices apply."""

    name = models.CharField(max_length=TEXT_LENGTH)
    currency_code = models.CharField(max_length=3, null=True, blank=True)
    code = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    price_list = models.ForeignKey(
        PriceList, null=True, blank=True, on_delete=models.PROTECT, related_name="markets"
    )
    customer_group = models.ForeignKey(
        CustomerGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="markets"
    )

    class Meta(Resource.Meta):
        constraints = [
            models.UniqueConstraint(fields=("name", "mode"), name="market_name_is_unique"),
            is_currency_code("market"),
        ]

    def __str__(self) -> str:
        return self.name


class PaymentMethod(Resource):
    """A way to pay, and what paying that way costs."""

    name = models.CharField(max_length=TEXT_LENGTH)
    currency_code = models.CharField(max_length=3, null=True, blank=True)
    price_amount_cents = models.BigIntegerField(default=0)
    market = models.ForeignKey(
        Market, null=True, blank=True, on_delete=models.PROTECT, related_name="payment_methods"
    )

    class Meta(Resource.Meta):
        constraints = [
            models.UniqueConstraint(fields=("name", "mode"), name="payment_method_name_is_unique"),
            is_currency_code("payment_method"),
        ]

    def __str__(self) -> str:
        return self.name


class PaymentSource(Resource):
    """A stored means of payment: two tokens of a payment gateway, which are never shown."""

    customer_token = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True, editable=False)
    payment_source_token = models.CharField(
        max_length=TEXT_LENGTH, null=True, blank=True, editable=False
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="customer_payment_sources"
    )
    payment_method = models.ForeignKey(
        PaymentMethod,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="customer_payment_sources",
    )

    class Meta(Resource.Meta):
        verbose_name = "customer payment source"

    def __str__(self) -> str:
        return f"{self.customer}: {self.payment_method}"
