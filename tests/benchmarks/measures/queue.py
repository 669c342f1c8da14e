"""The queue and the lists, with many finished imports behind them."""

from collections.abc import Callable, Iterator
from statistics import median

from django.utils import timezone

from imports_app import tasks
from imports_app.models import Import, Mode
from imports_app.models.status import Status
from imports_app.oauth.models import ApiClient
from imports_app.queue import transitions
from imports_app.queue.scheduling import Lease, claim_next
from tests.benchmarks import store
from tests.benchmarks.bench import Bench, measure
from tests.benchmarks.contenders.engine import stored
from tests.benchmarks.harness import Line, Seconds, at_most, timed, times
from tests.benchmarks.rows import parts, row
from tests.benchmarks.service import Caller, path_of, service
from tests.benchmarks.snapshot import Snapshot

PENDING = 10
QUERY = "fields[imports]=status,processed_count"


@measure()
def finished_imports(bench: Bench) -> Iterator[Line]:
    """Claim, sweep, list and poll, with many finished imports against a few."""
    with service(bench) as running:
        numbers = (bench.scale.finished_imports, bench.scale.few_finished_imports)
        snapshots = [_finished(number) for number in numbers]
        samples: dict[str, dict[str, list[Seconds]]] = {}
        for _ in range(bench.rounds):
            for state, snapshot in zip(("many", "few"), snapshots, strict=True):
                for name, operation in _operations(running.caller, snapshot).items():
                    seconds = median(operation() for _ in range(bench.scale.requests))
                    samples.setdefault(name, {}).setdefault(state, []).append(seconds)
        for snapshot in snapshots:
            snapshot.drop()
    for name, both in samples.items():
        title = f"{name}, {numbers[0]:,} finished imports : {numbers[1]}"
        # A list says how many there are, and counts them.
        yield times(title, both, target=at_most(2.5 if name == "list" else 1.2))


def _finished(count: int) -> Snapshot:
    store.clear()
    now = timezone.now()
    done = {"inputs_size": 1, "processed_count": 1, "created_count": 1}
    client = ApiClient.objects.latest("pk")
    for numbers in parts(range(count), 1_000):
        Import.objects.bulk_create(
            Import(
                mode=Mode.TEST,
                caller=client.client_id,
                resource_type="skus",
                position=-1 - number,  # before all that get theirs from the queue
                status=Status.COMPLETED,
                started_at=now,
                completed_at=now,
                **done,
            )
            for number in numbers
        )
    return Snapshot(Import._meta.db_table)


def _operations(caller: Caller, finished: Snapshot) -> dict[str, Callable[[], Seconds]]:
    """What is measured, with these finished imports and a few pending ones."""
    store.clear()
    finished.restore()
    pending = [str(stored([row(number)]).pk) for number in range(PENDING)]
    store.settle()
    return {
        "claim": _claim,
        "sweep": lambda: timed(tasks.sweep),
        "list": lambda: caller.timed_get(f"/api/imports?{QUERY}"),
        "poll": lambda: caller.timed_get(f"{path_of(pending[-1])}?{QUERY}"),
    }


def _claim() -> Seconds:
    """The claim is given back at once, outside of the timing."""
    claimed: list[Lease | None] = []
    seconds = timed(lambda: claimed.append(claim_next()))
    (lease,) = claimed
    assert lease is not None
    transitions.release(lease.import_id, lease.token)
    return seconds
