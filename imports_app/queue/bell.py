"""Wake up workers. The database row is the queue: a lost ring costs time, not work."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from celery import current_app

from imports_app.conf import conf
from imports_app.outages.breaker import Breaker

ADVANCE = "imports_app.advance"
SWEEP = "imports_app.sweep"
SEND = "imports_app.send"

# A broker that refuses does so at once, and may be asked again; to one that stands still a request
# would lose seconds each time.
LONG_WAIT = 0.5  # seconds
broker = Breaker(seconds=5)
_silent = ContextVar("silent", default=False)


def ring(times: int = 1) -> None:
    """Publish that there may be work; raise what the broker raises if it is away.

    If the broker timed out, nothing is published for some seconds: the sweep rings again.
    Nothing is published either if this process carries out the imports itself.
    """
    _ring(ADVANCE, times)


def ring_senders(times: int = 1, *, after: float = 0) -> None:
    """Do the same for senders, `after` so many seconds."""
    _ring(SEND, times, countdown=after or None)


def _ring(task: str, times: int, **options: Any) -> None:
    if conf.eager or _silent.get():
        return
    for _ in range(times):
        if not broker.admits():
            return
        with broker.watching(patience=LONG_WAIT):
            current_app.send_task(task, ignore_result=True, **options)


@contextmanager
def silence() -> Iterator[None]:
    """Publish nothing within the block, which creates an import that no worker is to take."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)
