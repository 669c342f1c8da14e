"""Customers, with their groups, addresses and subscriptions."""

from django.db import models

from imports_app.commerce.models.addresses import Address
from imports_app.commerce.models.base import TEXT_LENGTH, Resource
from imports_app.commerce.models.tags import Tag
from imports_app.models.ids import uuid7

HASH_LENGTH = 128
FINGERPRINT_LENGTH = 64


def generated_reference() -> str:
    """Return a reference that nobody can guess, for a record that is created without one."""
    return str(uuid7())


class CustomerGroup(Resource):
    """Customers who are treated alike."""

    name = models.CharField(max_length=TEXT_LENGTH)
    code = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)

    class Meta(Resource.Meta):
        constraints = [
            models.UniqueConstraint(fields=("name", "mode"), name="customer_group_name_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Customer(Resource):
    """A buyer. The email address identifies the customer and is stored in lower case.

    Attributes:
        password: hashed by Django's hasher.
        shopper_reference: names the shopper in payment sessions.
        profile_id: names the customer in other systems.
    """

    email = models.EmailField(max_length=TEXT_LENGTH)
    password = models.CharField(max_length=HASH_LENGTH, null=True, editable=False)
    password_fingerprint = models.CharField(
        max_length=FINGERPRINT_LENGTH, null=True, editable=False
    )
    shopper_reference = models.CharField(max_length=TEXT_LENGTH, default=generated_reference)
    profile_id = models.CharField(max_length=TEXT_LENGTH, default=generated_reference)
    tax_exemption_code = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    customer_group = models.ForeignKey(
        CustomerGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="customers"
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    class Meta(Resource.Meta):
        constraints = [
            models.UniqueConstraint(fields=("email", "mode"), name="customer_email_is_unique"),
            models.UniqueConstraint(
                fields=("shopper_reference", "mode"), name="customer_shopper_reference_is_unique"
            ),
            models.UniqueConstraint(
                fields=("profile_id", "mode"), name="customer_profile_id_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.email


class CustomerAddress(Resource):
    """An address in a customer's address book."""

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="customer_addresses", db_index=False
    )
    address = models.ForeignKey(
        Address, on_delete=models.PROTECT, related_name="customer_addresses", db_index=False
    )

    class Meta(Resource.Meta):
        verbose_name_plural = "customer addresses"
        # If the address alone were indexed, PostgreSQL would sometimes use that index to look up a
        # pair, and go through all customers who share the address.
        indexes = [
            *Resource.Meta.indexes,
            models.Index(fields=("address", "customer"), name="customer_address_by_address"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("customer", "address", "mode"),
                name="customer_address_is_unique_per_customer_and_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer}: {self.address}"


class CustomerSubscription(Resource):
    """A customer's subscription, for example to a newsletter. Its reference says to what."""

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="customer_subscriptions", db_index=False
    )
    reference = models.CharField(max_length=TEXT_LENGTH)

    class Meta(Resource.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=("customer", "reference", "mode"),
                name="customer_subscription_reference_is_unique_per_customer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer}: {self.reference}"
