"""The moves of the status table, each one guarded UPDATE.

The return value of each function says whether this caller won: if no row was updated, the import
had another status or holder by then, and nothing was changed. A move that concerns the outside
world writes an event in the same transaction.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F, Value
from django.db.models.functions import Coalesce, Now
from django.dispatch import Signal
from django.utils import timezone

from imports_app.conf import conf
from imports_app.database import atomic, on_commit
from imports_app.models import Import, Topic
from imports_app.models.querysets import ImportQuerySet
from imports_app.models.status import Move, Status
from imports_app.queue.bell import ring_senders
from imports_app.signals import import_finished, import_started
from imports_app.storage.events import happened_to

TOPICS = {Move.COMPLETE: Topic.COMPLETE, Move.INTERRUPT: Topic.INTERRUPT}
SIGNALS = {
    Topic.START: import_started,
    Topic.COMPLETE: import_finished,
    Topic.INTERRUPT: import_finished,
}


def claim(import_id: UUID) -> UUID | None:
    """Take the import for one time slice: pending, between slices, or orphaned.

    Return the lease's token, None if somebody else holds it or it is final.
    """
    token, now = uuid4(), timezone.now()
    changes = {
        "status": Move.CLAIM.target,
        Move.CLAIM.stamp: Coalesce(F(Move.CLAIM.stamp), Value(now)),
        "lease_token": token,
        "lease_expires_at": _lease_end(),
        "updated_at": now,
    }
    with atomic(savepoint=False):
        free = Import.objects.unheld().filter(pk=import_id, status__in=Move.CLAIM.sources)
        if not free.update(**changes):
            return None
        _tell(Topic.START, import_id, started_at=now)  # its first slice
    return token


def move(import_id: UUID, token: UUID, move: Move, changes: Mapping[str, Any]) -> bool:
    """Write the changes of the import's holder; the fence of its transaction.

    The lease is renewed, or given back by a move that is final.
    """
    now = timezone.now()
    lease = (None, None) if move.is_final else (token, _lease_end())
    values = dict(zip(("lease_token", "lease_expires_at"), lease, strict=True), updated_at=now)
    if move.stamp:
        values[move.stamp] = now
    held = _held(import_id, token, move.sources)
    with atomic(savepoint=False):
        if not held.update(status=move.target, **values, **changes):
            return False
        if move.is_final:
            _tell(TOPICS[move], import_id)
    return True


def renew(import_id: UUID, token: UUID, counts: Mapping[str, int]) -> bool:
    """Renew the lease while a long transaction is in hand, and show how far that is."""
    return bool(_held(import_id, token).update(lease_expires_at=_lease_end(), **counts))


def release(import_id: UUID, token: UUID) -> bool:
    """Give the lease back at the end of a time slice; anyone may go on from here."""
    changes = {"lease_token": None, "lease_expires_at": None, "updated_at": timezone.now()}
    return bool(_held(import_id, token).update(**changes))


def withdraw(import_id: UUID) -> bool:
    """Interrupt the import before any worker took it."""
    now = timezone.now()
    waiting = Import.objects.filter(pk=import_id, status__in=Move.WITHDRAW.sources)
    changes = {Move.WITHDRAW.stamp: now, "updated_at": now}
    with atomic(savepoint=False):
        if not waiting.update(status=Move.WITHDRAW.target, **changes):
            return False
        _tell(Topic.INTERRUPT, import_id)
    return True


def _tell(topic: Topic, import_id: UUID, **when: Any) -> None:
    """Write the event down. Once the move is committed, ring for whoever sends callbacks and mail
    if somebody wants to know, and send the signal if the project's own code listens.
    """
    if happened_to(topic, import_id, **when):
        on_commit(ring_senders)
    if SIGNALS[topic].has_listeners(Import):
        on_commit(partial(_send, SIGNALS[topic], import_id, when))


def _send(signal: Signal, import_id: UUID, when: Mapping[str, Any]) -> None:
    """Send the signal with the import, if it is so still."""
    if import_ := Import.objects.filter(pk=import_id, **when).first():
        signal.send_robust(Import, import_=import_)


def _held(
    import_id: UUID, token: UUID, statuses: Sequence[Status] = (Status.IN_PROGRESS,)
) -> ImportQuerySet[Import]:
    """Return the import if the caller's lease is the one that counts, else none."""
    return Import.objects.filter(pk=import_id, lease_token=token, status__in=statuses)


def _lease_end() -> Any:
    """Return when a lease taken or renewed at this moment ends, by the database's clock."""
    return Now() + timedelta(seconds=conf.lease_seconds)
