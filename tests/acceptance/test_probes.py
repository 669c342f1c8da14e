"""`/readyz` over real processes."""

from tests.acceptance.api import Answer
from tests.acceptance.processes import eventually
from tests.acceptance.stack import Stack


def test_a_worker_that_was_killed_is_missed_until_another_is_there(stack: Stack) -> None:
    stack.worker.kill()
    try:
        missed = eventually(lambda: _missing_worker(stack), "the worker is missed")
    finally:
        stack.worker.start()

    assert missed.status == 503
    stack.await_ready()


def _missing_worker(stack: Stack) -> Answer | None:
    """What `/readyz` answers, once it misses the worker."""
    answer = stack.api.get("/readyz")
    return answer if answer.document["components"]["worker"].startswith("last seen") else None
