"""Importers of who buys."""

from typing import Annotated, Required

from pydantic import StringConstraints

from imports_app.commerce.importers.base import CommonRow
from imports_app.commerce.models import Customer
from imports_app.importer import Importer
from imports_app.registry import importers

# An address and a domain with a dot, no more: only a message that arrives proves an address.
# Lower case, because the same address in other letters is the same customer.
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$", to_lower=True)]


@importers.register
class CustomerImporter(Importer):
    """Customers by email."""

    resource_type = "customers"
    model = Customer
    key = ("email",)

    class Row(CommonRow, total=False):
        """A customer."""

        email: Required[Email]
        shopper_reference: str
        profile_id: str
        tax_exemption_code: str | None
