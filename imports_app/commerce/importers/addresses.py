"""Importers of addresses."""

from collections.abc import Iterator, Mapping
from typing import Any, Required

from imports_app.commerce.importers.base import CommonRow, CountryCode, Text, blank
from imports_app.commerce.models import Address
from imports_app.engine.types import Name
from imports_app.importer import Importer, RowError
from imports_app.registry import importers


@importers.register
class AddressImporter(Importer):
    """Addresses by id."""

    resource_type = "addresses"
    model = Address
    tags = "tags"

    class Row(CommonRow, total=False):
        """An address: of a business, which has a company, or of a person, who has names."""

        business: bool
        first_name: Text | None
        last_name: Text | None
        company: Text | None
        line_1: Required[str]
        line_2: str | None
        city: Required[str]
        zip_code: str | None
        state_code: str | None
        country_code: Required[CountryCode]
        phone: Required[str]
        email: Name | None
        notes: str | None
        lat: float | None
        lng: float | None
        billing_info: str | None

    def missing(self, row: Mapping[str, Any]) -> Iterator[RowError]:
        """See Importer."""
        return blank(row, *(("company",) if row.get("business") else ("first_name", "last_name")))
