"""Orders."""

from django.db import models

from imports_app.commerce.models.addresses import Address
from imports_app.commerce.models.base import TEXT_LENGTH, Resource
from imports_app.commerce.models.codes import generated_code
from imports_app.commerce.models.constraints import is_country_code
from imports_app.commerce.models.customers import FINGERPRINT_LENGTH, HASH_LENGTH, Customer
from imports_app.commerce.models.markets import Market, PaymentMethod
from imports_app.commerce.models.tags import Tag


class Order(Resource):
    """What a customer orders in one market.

    Attributes:
        customer_password: hashed by Django's hasher.
        archived_at: when an import first said that it is archived.
    """

    number = models.CharField(max_length=TEXT_LENGTH, default=generated_code)
    affiliate_code = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    autorefresh = models.BooleanField(default=True)
    place_async = models.BooleanField(default=False)
    guest = models.BooleanField(null=True, blank=True)
    customer_password = models.CharField(max_length=HASH_LENGTH, null=True, editable=False)
    customer_password_fingerprint = models.CharField(
        max_length=FINGERPRINT_LENGTH, null=True, editable=False
    )
    language_code = models.CharField(max_length=TEXT_LENGTH, default="en")
    freight_taxable = models.BooleanField(null=True, blank=True)
    payment_method_taxable = models.BooleanField(null=True, blank=True)
    adjustment_taxable = models.BooleanField(null=True, blank=True)
    gift_card_taxable = models.BooleanField(null=True, blank=True)
    shipping_country_code_lock = models.CharField(max_length=2, null=True, blank=True)
    coupon_code = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    gift_card_code = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    gift_card_or_coupon_code = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    expiration_info = models.JSONField(null=True, blank=True)
    cart_url = models.TextField(null=True, blank=True)
    return_url = models.TextField(null=True, blank=True)
    terms_url = models.TextField(null=True, blank=True)
    privacy_url = models.TextField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="orders")
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="orders"
    )
    shipping_address = models.ForeignKey(
        Address, null=True, blank=True, on_delete=models.PROTECT, related_name="shipped_orders"
    )
    billing_address = models.ForeignKey(
        Address, null=True, blank=True, on_delete=models.PROTECT, related_name="billed_orders"
    )
    payment_method = models.ForeignKey(
        PaymentMethod, null=True, blank=True, on_delete=models.PROTECT, related_name="orders"
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    class Meta(Resource.Meta):
        constraints = [
            models.UniqueConstraint(fields=("number", "mode"), name="order_number_is_unique"),
            is_country_code("order", "shipping_country_code_lock"),
        ]

    def __str__(self) -> str:
        return self.number
