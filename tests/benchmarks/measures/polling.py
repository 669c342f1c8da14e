"""How long clients wait for a status while a worker is busy."""

import json
from collections.abc import Iterator
from time import perf_counter, sleep

from tests.acceptance.api import FINAL
from tests.benchmarks import store
from tests.benchmarks.bench import Bench, measure
from tests.benchmarks.harness import Line, Run, Seconds, at_most, times
from tests.benchmarks.rows import Row, base, mixed
from tests.benchmarks.service import Caller, body_of, path_of, service, worker

GAP_SECONDS = 0.005
QUERY = "fields[imports]=status,processed_count"


@measure()
def polling(bench: Bench) -> Iterator[Line]:
    """The 99th percentile of status polls: while a large import runs, against idle."""
    rows = mixed(bench.scale.many_rows)
    body, before = body_of(rows), base(len(rows))

    with service(bench) as running, worker(bench):
        running.await_ready()
        samples = bench.interleaved(
            busy=_busy(running.caller, body, before),
            idle=_idle(running.caller, 5 * bench.scale.requests),
        )
    yield times("status poll p99, busy : idle", samples, target=at_most(3), rows=len(rows))


def _busy(caller: Caller, body: bytes, before: list[Row]) -> Run:
    def run() -> Seconds:
        store.reset(before)
        id_ = caller.post(body)
        return _percentile(list(_polls(caller, id_)))

    return run


def _idle(caller: Caller, polls: int) -> Run:
    def run() -> Seconds:
        id_ = caller.post(body_of(mixed(2)[1:]))
        caller.finished(id_)
        return _percentile([seconds for _ in range(polls) for seconds in _polls(caller, id_)])

    return run


def _polls(caller: Caller, id_: str) -> Iterator[Seconds]:
    """What each poll takes, until the import is final."""
    status = ""
    while status not in FINAL:
        start = perf_counter()
        answer = caller.request("GET", f"{path_of(id_)}?{QUERY}")
        yield perf_counter() - start
        status = json.loads(answer)["data"]["attributes"]["status"]
        sleep(GAP_SECONDS)


def _percentile(seconds: list[Seconds]) -> Seconds:
    return sorted(seconds)[int(len(seconds) * 0.99)]
