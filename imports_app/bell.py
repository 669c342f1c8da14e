"""Wakes the workers. The database row is the queue: a ring that is lost costs time, not work."""

from celery import current_app

ADVANCE = "imports_app.advance"
SWEEP = "imports_app.sweep"


def ring(times: int = 1) -> None:
    """Publishes that there may be work; raises what the broker raises if it is away."""
    for _ in range(times):
        current_app.send_task(ADVANCE, ignore_result=True)
