"""The moves of the status table, each one guarded UPDATE.

Every function says by its return value whether this caller won: no row updated means that the
import was somewhere else by then, and nothing was changed.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models.functions import Now
from django.utils import timezone

from imports_app.conf import conf
from imports_app.models import Import
from imports_app.models.status import Status, sources


def claim(import_id: UUID) -> UUID | None:
    """Takes the import for one time slice: pending, between slices, or orphaned.

    Returns the lease's token, None if somebody else holds it or it is final.
    """
    token = uuid4()
    now = timezone.now()
    free = Import.objects.unheld().filter(pk=import_id)
    lease = {
        "lease_token": token,
        "lease_expires_at": lease_end(),
        "updated_at": now,
    }
    won = free.filter(status__in=sources(Status.IN_PROGRESS)).update(
        status=Status.IN_PROGRESS, started_at=now, **lease
    ) or free.filter(status=Status.IN_PROGRESS).update(**lease)
    return token if won else None


def advance(import_id: UUID, token: UUID, changes: Mapping[str, Any]) -> bool:
    """Writes a batch's counts and renews the lease; the fence of the batch's transaction."""
    return _held(import_id, token, lease_expires_at=lease_end(), **changes)


def renew(import_id: UUID, token: UUID, counts: Mapping[str, int]) -> bool:
    """Renews the lease while a long transaction is in hand, and shows how far that is."""
    return bool(_owned(import_id, token).update(lease_expires_at=lease_end(), **counts))


def release(import_id: UUID, token: UUID) -> bool:
    """Gives the lease back at the end of a time slice; anyone may go on from here."""
    return _held(import_id, token, lease_token=None, lease_expires_at=None)


def complete(import_id: UUID, token: UUID, changes: Mapping[str, Any]) -> bool:
    """in_progress → completed."""
    return _finish(import_id, token, Status.COMPLETED, "completed_at", changes)


def interrupt(import_id: UUID, token: UUID, changes: Mapping[str, Any]) -> bool:
    """in_progress → interrupted, by the worker that holds it."""
    return _finish(import_id, token, Status.INTERRUPTED, "interrupted_at", changes)


def interrupt_pending(import_id: UUID) -> bool:
    """pending → interrupted, before any worker took it."""
    now = timezone.now()
    return bool(
        Import.objects.filter(pk=import_id, status=Status.PENDING).update(
            status=Status.INTERRUPTED, interrupted_at=now, updated_at=now
        )
    )


def lease_end() -> Any:
    """When a lease taken or renewed at this moment ends, by the database's clock."""
    return Now() + timedelta(seconds=conf.lease_seconds)


def _owned(import_id: UUID, token: UUID) -> Any:
    return Import.objects.filter(pk=import_id, lease_token=token, status=Status.IN_PROGRESS)


def _held(import_id: UUID, token: UUID, **changes: Any) -> bool:
    return bool(_owned(import_id, token).update(updated_at=timezone.now(), **changes))


def _finish(
    import_id: UUID, token: UUID, status: Status, stamp: str, changes: Mapping[str, Any]
) -> bool:
    return _held(
        import_id,
        token,
        status=status,
        lease_token=None,
        lease_expires_at=None,
        **{stamp: timezone.now(), **changes},
    )
