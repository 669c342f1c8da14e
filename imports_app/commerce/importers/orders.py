"""Importers of orders."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from imports_app.commerce.importers.base import CommonRow, CountryCode, Moment, Text
from imports_app.commerce.models import Address, Customer, Market, Order, PaymentMethod
from imports_app.importer import Derivation, Importer, Relation
from imports_app.registry import importers


@importers.register
class OrderImporter(Importer):
    """Orders by number."""

    resource_type = "orders"
    model = Order
    key = ("number",)
    parent = "market"
    relations = {
        "market": Relation(Market, required=True),
        "customer": Relation(Customer, makes=True),
        "shipping_address": Relation(Address),
        "billing_address": Relation(Address),
        "payment_method": Relation(PaymentMethod),
    }
    children = {"line_items": "order"}
    tags = "tags"
    hashed = {"customer_password": "customer_password_fingerprint"}
    secret = frozenset({"customer_password"})

    class Row(CommonRow, total=False):
        """An order. One without a number is given one."""

        number: Text
        affiliate_code: str | None
        autorefresh: bool
        place_async: bool
        guest: bool | None
        customer_password: str | None
        language_code: str
        freight_taxable: bool | None
        payment_method_taxable: bool | None
        adjustment_taxable: bool | None
        gift_card_taxable: bool | None
        shipping_country_code_lock: CountryCode | None
        coupon_code: str | None
        gift_card_code: str | None
        gift_card_or_coupon_code: str | None
        expiration_info: dict[str, Any] | None
        cart_url: str | None
        return_url: str | None
        terms_url: str | None
        privacy_url: str | None
        expires_at: Moment | None
        _archive: bool

    def derive(self, rows: Sequence[Derivation]) -> None:
        """Archive the orders whose rows ask for it. One that is archived already keeps its time."""
        wanted = [row for row in rows if row.instructions.get("_archive")]
        ids = {row.pk for row in wanted} - {None}
        known = Order.objects.filter(pk__in=ids, archived_at__isnull=False) if ids else ()
        archived = {order.pk for order in known}
        now = timezone.now()
        for row in wanted:
            if row.pk not in archived:
                row.fields["archived_at"] = now
