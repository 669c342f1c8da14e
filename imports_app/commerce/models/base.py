"""The base of all records of the catalogue."""

from django.db import models
from django.db.models import Q

from imports_app.models import ModeModel
from imports_app.models.ids import uuid7

TEXT_LENGTH = 255


class Resource(ModeModel):
    """A record with the client's own labels. A column that is NULL was never set, or was cleared.

    Unique constraints begin with the column that selects most and end with the mode. A foreign key
    goes without an index of its own where such a constraint begins with it.

    Ids come from no sequence: its numbers would tell each mode how much goes on in the other.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    reference_origin = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        indexes = [
            # Records without a reference, often all of them, cost nothing.
            models.Index(
                fields=("reference", "mode"),
                condition=Q(reference__isnull=False),
                name="%(class)s_reference",
            )
        ]
