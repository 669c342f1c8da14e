"""Imports that wait for the approval of a second person."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from imports_app.models.ids import uuid7
from imports_app.models.imports import Import


class ProposalKind(models.TextChoices):
    """What a second person is to approve."""

    IMPORT = "import"
    RETRY = "retry"
    UNDO = "undo"


class Proposal(models.Model):
    """An import that a member of staff asked for, until a second person approves it.

    The row is deleted when the proposal is approved or withdrawn; when it is declined, the row
    stays, so that its asker can see why.

    Attributes:
        kind: whether to import, retry or undo the subject.
        subject: the check whose rows are to be imported, or that of an undo or of mended rows; or
            the import itself that is to be retried or undone.
        compares: whether the import must do exactly what the check found, or nothing.
        rows: the number of rows that the import would have.
        destroys: whether it would destroy records.
        is_told: whether those who may approve were sent a mail, or need none any more.
        declined_by, declined_at, reason: who declined it, when and why.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=6, choices=ProposalKind)
    subject = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="proposals")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    compares = models.BooleanField(default=True)
    rows = models.PositiveIntegerField()
    destroys = models.BooleanField(default=False)
    is_told = models.BooleanField(default=False)
    declined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    declined_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        default_permissions = ()
        ordering = ("created_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["subject", "kind"], name="import_is_proposed_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject_id}"

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided yet."""
        return self.declined_at is None
