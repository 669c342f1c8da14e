"""Choose the next callback, and store its outcome: guarded UPDATEs under a lease.

If a process dies with a callback in hand, its lease runs out, and another process tries again.
"""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils import timezone

from imports_app.database import atomic
from imports_app.events.posting import Answer
from imports_app.models import CallbackStatus, EventCallback, Webhook

TRIES = 10
FIRST_PAUSE = 5.0  # seconds between the first try and the second, then twice as long each time …
LONGEST_PAUSE = 3_600.0  # … but no longer than this
JITTER = 0.1  # of the pause, at most, on top of it
CIRCUIT_FAILURES = 30
LEASE = timedelta(seconds=30)
# So that slow receivers hold back nobody: callbacks of one webhook that are sent at a time, and of
# all webhooks together whose last try failed.
SLOTS = 2
FAILING_SLOTS = 4
LOOKED_AT = 16

# SQLite uses an index with a condition only where the query says the same in as many words.
PENDING = RawSQL("'pending'", ())


def pending() -> QuerySet[EventCallback]:
    """Return the callbacks that are not done, by the index on them."""
    return EventCallback.objects.filter(status=PENDING)


def due() -> QuerySet[EventCallback]:
    """Return the callbacks that may be tried now: nobody has them, and it is their turn.

    A callback that was never tried waits for those before it, of its import and its URL.
    """
    before = pending().filter(
        tried_at=None,
        import_id=OuterRef("import_id"),
        callback_url=OuterRef("callback_url"),
        rank__lt=OuterRef("rank"),
    )
    free = Q(lease_expires_at=None) | Q(lease_expires_at__lte=Now())
    turn = Q(tried_at__isnull=False) | ~Exists(before)
    return pending().filter(free, turn, due_at__lte=timezone.now())


def claim() -> EventCallback | None:
    """Take the callback that has been due longest, with a lease; None if there is none."""
    free = _fair(due().order_by("due_at"))
    candidates = list(free.values_list("pk", flat=True)[:LOOKED_AT])
    for pk in _shuffled(candidates):
        token = uuid4()
        held = {"lease_token": token, "lease_expires_at": Now() + LEASE}
        if due().filter(pk=pk).update(tries=F("tries") + 1, **held):
            found = EventCallback.objects.select_related("webhook", "event")
            return found.get(pk=pk)
    return None


def _fair(callbacks: QuerySet[EventCallback]) -> QuerySet[EventCallback]:
    """Leave out callbacks of webhooks that have their share of what is being sent."""
    held = pending().filter(lease_expires_at__gt=Now())
    counts = Counter(held.values_list("webhook_id", "webhook__circuit_failure_count"))
    full = [webhook for (webhook, _), count in counts.items() if count >= SLOTS]
    failing = sum(count for (_, failures), count in counts.items() if failures)
    if failing >= FAILING_SLOTS:
        callbacks = callbacks.filter(webhook__circuit_failure_count=0)
    return callbacks.exclude(webhook_id__in=full) if full else callbacks


def _shuffled(candidates: Sequence[UUID]) -> list[UUID]:
    """Keep processes that look at the same moment from taking the same callback.

    If only one process looks, the first callback comes first.
    """
    first, rest = list(candidates[:1]), list(candidates[1:])
    random.shuffle(rest)
    return first + rest


def sent(callback: EventCallback, answer: Answer) -> bool:
    """Note that the receiver took it; return whether the lease still held."""
    with atomic():
        done = _settled(callback, CallbackStatus.SENT, answer)
        failing = Webhook.objects.filter(pk=callback.webhook_id, circuit_failure_count__gt=0)
        if done:
            failing.update(circuit_failure_count=0)
    return done


def failed(callback: EventCallback, answer: Answer) -> float | None:
    """Note that the try failed; return after how many seconds the next one is due, if one is."""
    last = callback.tries >= TRIES
    pause = None if last else pause_after(callback.tries)
    with atomic():
        status = CallbackStatus.FAILED if last else CallbackStatus.PENDING
        if not _settled(callback, status, answer, pause=pause or 0):
            return None
        _count_failure(callback.webhook_id)
    return pause


def not_sent(callback: EventCallback) -> bool:
    """Note that it isn't sent: meanwhile the webhook was disabled, or its circuit opened."""
    return _settled(callback, CallbackStatus.NOT_SENT)


def given_up(callback: EventCallback) -> bool:
    """Note that the process with the last try died."""
    return _settled(callback, CallbackStatus.FAILED)


def pause_after(tries: int) -> float:
    """Return the seconds until the next try: 5, 10, 20 and so on, and a little more by chance."""
    pause: float = min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)
    return pause * (1 + random.uniform(0, JITTER))  # noqa: S311  (no secret)


def _settled(
    callback: EventCallback, status: CallbackStatus, answer: Answer | None = None, pause: float = 0
) -> bool:
    now = timezone.now()
    changes: dict[str, Any] = {
        "status": status,
        "lease_token": None,
        "lease_expires_at": None,
        "due_at": now + timedelta(seconds=pause),
        "updated_at": now,
    }
    if answer is not None:
        code = None if answer.code is None else str(answer.code)
        changes |= {
            "tried_at": now,
            "response_code": code,
            "response_message": answer.message,
        }
    held = EventCallback.objects.filter(pk=callback.pk, lease_token=callback.lease_token)
    return bool(held.update(**changes))


def _count_failure(webhook_id: UUID) -> None:
    """Count one more failure in a row; the last one allowed opens the circuit."""
    opens = Q(circuit_opened_at=None, circuit_failure_count__gte=CIRCUIT_FAILURES - 1)
    Webhook.objects.filter(pk=webhook_id).update(
        circuit_failure_count=F("circuit_failure_count") + 1,
        circuit_opened_at=Case(When(opens, then=timezone.now()), default=F("circuit_opened_at")),
    )
