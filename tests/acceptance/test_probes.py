"""`/readyz` over real processes."""

from tests.acceptance.processes import eventually
from tests.acceptance.stack import Stack


def test_a_worker_that_was_killed_is_missed_until_another_is_there(stack: Stack) -> None:
    assert stack.api.is_ready()

    stack.worker.kill()
    eventually(lambda: not stack.api.is_ready(), "the worker is missed")
    missed = stack.api.get("/readyz")
    stack.worker.start()

    assert missed.status == 503
    assert missed.document["components"]["worker"].startswith("last seen")
    eventually(stack.api.is_ready, "another worker is seen")
