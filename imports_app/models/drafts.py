"""Imports that staff are about to make, and how they matched the columns of their files."""

from django.conf import settings
from django.db import models

from imports_app.models.ids import uuid7
from imports_app.models.imports import Import


class ImportDraft(models.Model):
    """A file on its way to an import: its maker's only, until the import is made or it is too old.

    Attributes:
        name: that of the file; empty where the rows were pasted.
        size: of the file, in bytes.
        state: what was found and decided so far, sealed; see storage/drafts.py.
        last_check: the dry run that was last made of it.
        mends: the import whose failed rows it mends: it has no file then, the state is all of it.
        updated_at: when its maker last worked on it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    resource_type = models.CharField(max_length=100)
    name = models.CharField(max_length=255, blank=True)
    size = models.PositiveBigIntegerField()
    state = models.BinaryField()
    last_check = models.ForeignKey(
        Import, null=True, blank=True, on_delete=models.SET_NULL, related_name="drafts"
    )
    mends = models.ForeignKey(
        Import, null=True, blank=True, on_delete=models.CASCADE, related_name="mendings"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        default_permissions = ()
        ordering = ("-updated_at",)
        constraints = [
            models.UniqueConstraint(fields=["mends", "owner"], name="import_is_mended_once_by_each")
        ]

    def __str__(self) -> str:
        return f"{self.resource_type} {self.name}".strip()


class ImportDraftPiece(models.Model):
    """A part of a draft's file, packed and sealed; all of them in order are the file."""

    draft = models.ForeignKey(
        ImportDraft, on_delete=models.CASCADE, related_name="pieces", db_index=False
    )
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="import_draft_piece_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.number}"


class ColumnMatching(models.Model):
    """How staff last matched the columns of such a file, to be offered for the next one.

    Attributes:
        header: a digest of the names of its columns, in their order.
        columns: for each column its attribute, or None, and what is done to its cells; packed and
            sealed, for a header may be a row of records.
    """

    resource_type = models.CharField(max_length=100)
    header = models.CharField(max_length=64)
    columns = models.BinaryField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["header", "resource_type"], name="import_column_matching_is_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource_type} {self.header}"
