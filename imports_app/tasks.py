"""The Celery tasks: thin shells around the scheduler and the engine."""

import mmap
from time import monotonic

from celery import shared_task
from celery.signals import worker_shutting_down

from imports_app.callers import caller_source
from imports_app.conf import conf
from imports_app.engine.running import run_slice
from imports_app.events.notices import ring_for_notices, send_notices
from imports_app.events.sending import ring_for_due, send_due
from imports_app.models import Heartbeat, Import
from imports_app.queue import bell
from imports_app.queue.scheduling import claim_next, count_runnable
from imports_app.services.proposing import prune_proposals
from imports_app.storage.drafts import prune_drafts

MAX_RINGS = 32

# The signal comes to the worker's main process, the slice runs in a child of it: this byte is
# memory that they share, since it is there before the fork.
_stopping = mmap.mmap(-1, 1)


@worker_shutting_down.connect
def stop_slices(**_: object) -> None:
    """Let slices end after the current batch, so that a deploy waits for no import."""
    _stopping[0] = 1


@shared_task(name=bell.ADVANCE)
def advance() -> None:
    """Answer a ring: work on one import after the other for a time slice.

    A small import costs no message of its own then. Between two imports every client has its
    turn, as between two slices.
    """
    end = monotonic() + conf.slice_seconds
    goes_on = True
    while goes_on:
        Heartbeat.objects.seen("worker")
        lease = claim_next()
        if lease is None:
            return
        finished = run_slice(lease, stop=_is_stopping)
        has_time = finished and monotonic() < end and not _is_stopping()
        goes_on = _passes_on(finished=finished, has_time=has_time)


def _passes_on(*, finished: bool, has_time: bool) -> bool:
    """Ring for what is left; return whether this worker goes on with one of it by itself.

    It rings once for the others, and once more if an import ended, which may set others free.
    More rings would multiply with every slice.
    """
    left = count_runnable()
    goes_on = has_time and left > 0
    bell.ring(min(left - goes_on, finished + (not goes_on)))
    return goes_on


def _is_stopping() -> bool:
    return bool(_stopping[0])


@shared_task(name=bell.SWEEP)
def sweep(*, beat: bool = False) -> None:
    """Ring for imports that wait or whose worker is gone; harmless if sent twice.

    `beat` says that beat sent it, which counts as beat's sign of life.

    Rings get lost with a broker, and a worker's death loses the one it answered: this brings such
    an import back within the lease and a sweep's interval.
    """
    Heartbeat.objects.seen("worker")
    if beat:
        Heartbeat.objects.seen("beat")
    # Where a worker is at it rings itself when its slice ends; the one more is for a lost ring.
    bell.ring(min(count_runnable(), 1 if Import.objects.held().exists() else MAX_RINGS))
    ring_for_due()
    ring_for_notices()
    caller_source().tidy()
    prune_drafts()
    prune_proposals()


@shared_task(name=bell.SEND)
def send() -> None:
    """Answer a ring: send callbacks to receivers, and mails to staff."""
    Heartbeat.objects.seen("sender")
    send_due(_is_stopping)
    send_notices(_is_stopping)
