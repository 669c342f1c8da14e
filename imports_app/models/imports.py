"""The import: what was asked for, how far it is, and who holds it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from imports_app.conf import conf
from imports_app.models.base import Mode, ModeModel
from imports_app.models.choices import Format, IfExists, IfMissing
from imports_app.models.ids import uuid7
from imports_app.models.querysets import ImportQuerySet
from imports_app.models.status import ACTIVE, Status


def keeps_changes() -> bool:
    """Return whether imports keep what they change, unless they say otherwise."""
    return conf.keep_changes


class Import(ModeModel):
    """A bulk import. Its rows, log and record ids live in tables of their own, so this row stays
    small: a status poll reads it alone, and each batch's commit rewrites nothing but it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The key of whoever called the API for it; null for what staff and commands made.
    caller = models.CharField(max_length=255, null=True, blank=True)
    # Which user made it; null for what programs and commands made.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    # Who let it be made, where it needed the approval of a second person.
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    # The order of creation within the mode, given under a lock when the create commits: claims go
    # by it, because timestamps and sequences become visible out of order.
    position = models.BigIntegerField(null=True, editable=False)

    resource_type = models.CharField(max_length=100)
    parent_resource_id = models.CharField(max_length=255, null=True, blank=True)
    format = models.CharField(max_length=4, choices=Format, default=Format.JSON)
    if_exists = models.CharField(max_length=6, choices=IfExists, default=IfExists.UPDATE)
    if_missing = models.CharField(max_length=6, choices=IfMissing, default=IfMissing.CREATE)
    cleanup_records = models.BooleanField(default=False)
    cleanup_limit = models.PositiveBigIntegerField(null=True, blank=True)
    skip_errors = models.BooleanField(default=False)
    dry_run = models.BooleanField(default=False)
    all_or_nothing = models.BooleanField(default=False)
    keep_changes = models.BooleanField(default=keeps_changes)
    reference = models.CharField(max_length=255, null=True, blank=True)
    reference_origin = models.CharField(max_length=255, null=True, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    # How the file or the CSV is to be read, and what is kept of how it was.
    file_options = models.JSONField(default=dict, blank=True)
    file = models.JSONField(null=True, blank=True, editable=False)

    retry_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="retries"
    )
    # Whether it only checks rows mended for that import: it is not the retry of it.
    is_check = models.BooleanField(default=False, editable=False)
    # How many of its failed rows its retry has mended; null as long as none has.
    mended = models.PositiveIntegerField(null=True, editable=False)
    # Whether it takes another import back, that of undo_of if it is still there.
    is_undo = models.BooleanField(default=False, editable=False)
    undo_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="undos",
        editable=False,
    )
    # The dry run that staff looked at before they had its rows imported.
    check_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="imports_made",
        editable=False,
    )
    # Whether it ends interrupted where that would not find the same any more.
    compares = models.BooleanField(default=False, editable=False)
    # What the client sent to have one import of several equal requests, and of what body.
    idempotency_key = models.CharField(max_length=255, null=True, editable=False)
    fingerprint = models.CharField(max_length=64, null=True, editable=False)

    status = models.CharField(max_length=11, choices=Status, default=Status.PENDING)
    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    interrupted_at = models.DateTimeField(null=True, blank=True)
    # Why the import could not go on; shown in errors_log under "import".
    interruption = models.TextField(blank=True, default="")
    interrupt_requested = models.BooleanField(default=False)

    inputs_size = models.PositiveIntegerField()
    processed_count = models.PositiveIntegerField(default=0)
    created_count = models.PositiveIntegerField(default=0)
    updated_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    errors_count = models.PositiveIntegerField(default=0)
    warnings_count = models.PositiveIntegerField(default=0)
    destroyed_count = models.PositiveBigIntegerField(default=0)
    # The last record that cleanup looked at: it goes on behind it after a crash.
    cleanup_cursor = models.CharField(max_length=255, null=True, blank=True, editable=False)
    # Of a dry run: the natural keys of the first records that it would destroy.
    doomed_keys = models.JSONField(default=list, blank=True, editable=False)

    # The worker that holds the import, until when; null between two time slices.
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    # After a worker's death: up to which row the inputs are gone through in halves, and how often
    # the next row was tried alone.
    suspect_end = models.PositiveIntegerField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    # Raised by every update, so that it says whether anything that is shown can have changed.
    revision = models.PositiveBigIntegerField(default=1, editable=False)
    # Raised by changes of what clients may change: reference, reference_origin, metadata.
    version = models.PositiveBigIntegerField(default=1, editable=False)

    # Taken under the lock that gives the position: later ones are greater.
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar["ImportQuerySet[Import]"] = ImportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-created_at", "-id")
        # Of staff, besides Django's to view and to delete; a group of users has those it needs.
        permissions = [
            ("run_import", "Can run imports, dry ones too"),
            ("interrupt_import", "Can interrupt imports"),
            ("cleanup_import", "Can have imports destroy the records that they do not name"),
            ("approve_import", "Can approve imports that others ask for"),
            ("use_live_data", "Can import and see live data, where there is test data, too"),
        ]
        indexes = [
            models.Index(fields=["mode", "-created_at", "-id"], name="import_list"),
            # What clients look for. Columns that change with every batch are in no index: an update
            # of them touches none.
            models.Index(fields=["mode", "status", "-created_at", "-id"], name="import_status"),
            models.Index(
                fields=["reference", "mode", "-created_at", "-id"],
                condition=Q(reference__isnull=False),
                name="import_reference",
            ),
            # Claims and sweeps look at this one only, however many imports are finished.
            models.Index(
                fields=["mode", "position"],
                condition=Q(status__in=ACTIVE),
                name="import_active",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["mode", "position"], name="import_position_is_unique"),
            # An equal insert waits here for the first. By mode, for a caller's may be changed.
            models.UniqueConstraint(
                fields=["caller", "mode", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="import_idempotency_key_is_unique",
            ),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="import_mode_is_known"),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="import_status_is_known"
            ),
            models.CheckConstraint(condition=Q(inputs_size__gt=0), name="import_has_inputs"),
            models.CheckConstraint(
                condition=Q(
                    processed_count=F("created_count") + F("updated_count") + F("unchanged_count")
                ),
                name="import_counts_add_up",
            ),
            models.CheckConstraint(
                condition=Q(inputs_size__gte=F("processed_count") + F("errors_count")),
                name="import_counts_within_inputs",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.COMPLETED)
                | Q(inputs_size=F("processed_count") + F("errors_count")),
                name="import_completed_went_through_all",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=Status.PENDING, started_at=None)
                    & Q(completed_at=None, interrupted_at=None)
                )
                | Q(
                    status=Status.IN_PROGRESS,
                    started_at__isnull=False,
                    completed_at=None,
                    interrupted_at=None,
                )
                | Q(
                    status=Status.COMPLETED,
                    started_at__isnull=False,
                    completed_at__isnull=False,
                    interrupted_at=None,
                )
                | Q(status=Status.INTERRUPTED, completed_at=None, interrupted_at__isnull=False),
                name="import_status_has_its_timestamps",
            ),
            models.CheckConstraint(
                condition=Q(lease_token=None, lease_expires_at=None)
                | Q(
                    status=Status.IN_PROGRESS,
                    lease_token__isnull=False,
                    lease_expires_at__isnull=False,
                ),
                name="import_lease_only_in_progress",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_type} {self.id}"

    @property
    def is_whole(self) -> bool:
        """Whether it is carried out in one transaction."""
        return self.dry_run or self.all_or_nothing

    @property
    def rows_done(self) -> int:
        """How many rows were gone through: the index of the next one."""
        return self.processed_count + self.errors_count
