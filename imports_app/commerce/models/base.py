"""The base of all records of the catalogue."""

from django.db import models
from django.db.models import Q

from imports_app.models import ModeModel
from imports_app.models.ids import uuid7

TEXT_LENGTH = 255


class Resource(ModeModel):
    """A record with the client's own labels. A column that is NULL was never set, or was cleared.

    Unique constraints begin with the most selective column and end with the mode. A foreign key has
    no index of its own if such a constraint begins with it.

    Ids don't come from a sequence, whose numbers would tell each mode how many records the other
    has.
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
            # Records without a reference, often all of them, take no space in the index.
            models.Index(
                fields=("reference", "mode"),
                condition=Q(reference__isnull=False),
                name="%(class)s_reference",
            )
        ]
