"""Importers of customers, with their groups, addresses and subscriptions."""

from typing import Annotated, Required

from pydantic import StringConstraints

from imports_app.commerce.importers.base import CommonRow
from imports_app.commerce.models import (
    Address,
    Customer,
    CustomerAddress,
    CustomerGroup,
    CustomerSubscription,
)
from imports_app.importer import Importer, Relation
from imports_app.registry import importers

# Something before the @, and a domain with a dot. Only a message that arrives would prove more.
# In lower case, because addresses that differ only in case belong to the same customer.
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$", to_lower=True)]


@importers.register
class CustomerGroupImporter(Importer):
    """Customer groups by name."""

    resource_type = "customer_groups"
    model = CustomerGroup
    key = ("name",)

    class Row(CommonRow, total=False):
        """A customer group."""

        name: Required[str]
        code: str | None


@importers.register
class CustomerImporter(Importer):
    """Customers by email."""

    resource_type = "customers"
    model = Customer
    key = ("email",)
    relations = {"customer_group": Relation(CustomerGroup)}
    tags = "tags"
    hashed = {"password": "password_fingerprint"}
    secret = frozenset({"password"})

    class Row(CommonRow, total=False):
        """A customer."""

        email: Required[Email]
        password: str | None
        shopper_reference: str
        profile_id: str
        tax_exemption_code: str | None


@importers.register
class CustomerAddressImporter(Importer):
    """The addresses of customers, by customer and address."""

    resource_type = "customer_addresses"
    model = CustomerAddress
    key = ("customer", "address")
    relations = {
        "customer": Relation(Customer, required=True, asks_for="customer_email", makes=True),
        "address": Relation(Address, required=True, inline_among="customer"),
    }

    class Row(CommonRow, total=False):
        """An address of a customer."""


@importers.register
class CustomerSubscriptionImporter(Importer):
    """Subscriptions by customer and reference."""

    resource_type = "customer_subscriptions"
    model = CustomerSubscription
    key = ("customer", "reference")
    relations = {
        "customer": Relation(Customer, required=True, asks_for="customer_email", makes=True)
    }

    class Row(CommonRow, total=False):
        """A subscription."""

        reference: Required[str]  # type: ignore[misc]  # optional in CommonRow
