"""`/readyz` over real processes."""

from tests.acceptance.api import Answer
from tests.acceptance.processes import eventually
from tests.acceptance.stack import Stack


def test_a_worker_that_was_killed_is_missed_until_another_is_there(stack: Stack) -> None:
    assert stack.api.is_ready()

    stack.worker.kill()
    missed = eventually(lambda: _missing_worker(stack), "the worker is missed")
    stack.worker.start()

    assert missed.status == 503
    eventually(stack.api.is_ready, "another worker is seen")


def _missing_worker(stack: Stack) -> Answer | None:
    """What `/readyz` answers, once it misses the worker."""
    answer = stack.api.get("/readyz")
    return answer if answer.document["components"]["worker"].startswith("last seen") else None
