"""Who buys."""

from django.db import models

from imports_app.commerce.models.base import TEXT_LENGTH, Resource
from imports_app.ids import uuid7


def generated_reference() -> str:
    """The default of a reference that can't be guessed."""
    return str(uuid7())


class Customer(Resource):
    """A buyer, known by an email address, which is kept in lower case.

    Attributes:
        shopper_reference: names the shopper in payment sessions.
        profile_id: names the customer in other systems.
    """

    email = models.EmailField(max_length=TEXT_LENGTH)
    shopper_reference = models.CharField(max_length=TEXT_LENGTH, default=generated_reference)
    profile_id = models.CharField(max_length=TEXT_LENGTH, default=generated_reference)
    tax_exemption_code = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)

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
