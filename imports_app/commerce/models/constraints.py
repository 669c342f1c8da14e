"""Constraints that several tables share."""

from django.db import models
from django.db.models import Q

CURRENCY_CODE = r"^[A-Z]{3}$"  # ISO 4217
COUNTRY_CODE = r"^[A-Z]{2}$"  # ISO 3166-1 alpha-2


def is_currency_code(table: str, field: str = "currency_code") -> models.CheckConstraint:
    """Require that the field is empty or has the form of an ISO 4217 code."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__regex": CURRENCY_CODE}),
        name=f"{table}_{field}_is_iso_4217",
        violation_error_message=f"must have a {field} of three capital letters",
    )


def is_country_code(table: str, field: str = "country_code") -> models.CheckConstraint:
    """Require that the field is empty or has the form of an ISO 3166-1 alpha-2 code."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__regex": COUNTRY_CODE}),
        name=f"{table}_{field}_is_iso_3166",
        violation_error_message=f"must have a {field} of two capital letters",
    )


def has_a_currency(table: str) -> models.CheckConstraint:
    """Require a market, or a currency of the record's own."""
    return models.CheckConstraint(
        condition=Q(market__isnull=False) | Q(currency_code__isnull=False),
        name=f"{table}_has_a_market_or_a_currency",
        violation_error_message="must have a market or a currency_code",
    )


def is_positive(table: str, field: str = "quantity") -> models.CheckConstraint:
    """Require that the field is greater than 0."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__gt": 0}),
        name=f"{table}_{field}_is_positive",
        violation_error_message=f"must have a {field} greater than 0",
    )
