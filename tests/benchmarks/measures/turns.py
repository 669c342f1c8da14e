"""What a client waits for, behind the many small imports of another one."""

from collections.abc import Iterator
from functools import partial

from imports_app.models import Mode
from imports_app.queue.scheduling import Lease, claim_next
from imports_app.queue.transitions import release
from tests.benchmarks import store
from tests.benchmarks.bench import Bench, measure
from tests.benchmarks.contenders.engine import stored
from tests.benchmarks.harness import Line, Seconds, at_most, timed, times
from tests.benchmarks.rows import row
from tests.benchmarks.service import Caller, body_of, service, worker

FEW = 10


@measure()
def turns(bench: Bench) -> Iterator[Line]:
    """One row behind another client's imports of one row each, of its own type or of another."""
    behind = bench.scale.small_imports
    with service(bench) as running, worker(bench):
        running.await_ready()
        api = running.stack.client(mode=Mode.TEST)
        assert api.token is not None
        callers = running.caller, Caller(api.url, api.token)
        samples = bench.interleaved(
            same_type=partial(_wait, callers, behind, "skus"),
            other_type=partial(_wait, callers, behind, "customers"),
        )
    yield times(f"one row behind {behind} small imports of its type : of another type", samples)


@measure()
def pending_imports(bench: Bench) -> Iterator[Line]:
    """A claim with many imports pending, against a few."""
    many = bench.scale.pending_imports
    samples = bench.interleaved(many=partial(_claim, many), few=partial(_claim, FEW))
    yield times(f"claim, {many:,} pending imports : {FEW}", samples, target=at_most(1.2))


def _wait(callers: tuple[Caller, Caller], behind: int, resource_type: str) -> Seconds:
    """From the POST of the one row until its client sees that it is final."""
    busy, patient = callers
    waiting = [busy.post(body_of([row(number)])) for number in range(behind)]
    last = {"code": "LAST", "name": "Last"} if resource_type == "skus" else {"email": "a@b.example"}
    seconds = timed(
        lambda: patient.finished(patient.post(body_of([last], resource_type=resource_type)))
    )
    busy.finished(waiting[-1])
    return seconds


def _claim(pending: int) -> Seconds:
    """The claim is given back at once, outside of the timing."""
    store.clear()
    for number in range(pending):
        stored([row(number)])
    store.settle()
    claimed: list[Lease | None] = []
    seconds = timed(lambda: claimed.append(claim_next()))
    (lease,) = claimed
    assert lease is not None
    release(lease.import_id, lease.token)
    return seconds
