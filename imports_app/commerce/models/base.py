"""The base of all records of the catalogue."""

from django.db import models
from django.db.models import Q

from imports_app.models import ModeModel
from imports_app.models.ids import uuid7

TEXT_LENGTH = 255


class Resource(ModeModel):
    """A record with the client's own labels. A column is NULL if it was never set, or was cleared.

    Unique constraints begin with the most selective column and end with the mode. A foreign key
    that is the first column of such a constraint needs no index of its own.

    Ids don't come from a sequence: its numbers would show the clients of one mode how many records
    the other mode has.
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
            # Records without a reference take no space in the index; often no record has one.
            models.Index(
                fields=("reference", "mode"),
                condition=Q(reference__isnull=False),
                name="%(class)s_reference",
            )
        ]
