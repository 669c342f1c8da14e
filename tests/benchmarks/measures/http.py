"""Requests over HTTP to a real web process, against bare views of the same server."""

from collections.abc import Callable, Iterator

from tests.benchmarks import store
from tests.benchmarks.bare.imports import make_table
from tests.benchmarks.bench import Bench, measure
from tests.benchmarks.contenders.engine import work_until_idle
from tests.benchmarks.harness import Line, Run, at_most, timed, times
from tests.benchmarks.rows import mixed
from tests.benchmarks.service import IMPORTS, NONE, Caller, Headers, bare_service, body_of, path_of

STATUS = "fields[imports]=status,processed_count"
BARE = "/bare/imports"
LATEST = "/bare/latest"
LISTED = 25


@measure()
def posting(bench: Bench) -> Iterator[Line]:
    """POST of an import, its answer read, against a view that keeps the body as one text and
    answers with it.
    """
    make_table()
    store.clear()
    with bare_service(bench) as running:
        for rows, target in ((bench.scale.import_rows, at_most(1.3)), (1, None)):
            body = body_of(mixed(rows + 1)[1:])  # the first one is invalid
            samples = bench.interleaved(
                post=_posting(bench, running.caller, IMPORTS, body),
                bare=_posting(bench, running.caller, BARE, body),
            )
            yield times("POST : bare view", samples, target=target, rows=rows)


@measure()
def getting(bench: Bench) -> Iterator[Line]:
    """GET of an import with its inputs, against a view that fetches such a text and answers with
    it.
    """
    make_table()
    store.clear()
    with bare_service(bench) as running:
        for rows, target in ((bench.scale.import_rows, at_most(1.3)), (1, None)):
            body = body_of(mixed(rows + 1)[1:])
            id_ = running.caller.post(body)
            work_until_idle()
            running.caller.request("POST", BARE, body)
            samples = bench.interleaved(
                get=_reading(bench, running.caller, path_of(id_)),
                bare=_reading(bench, running.caller, LATEST),
            )
            yield times("GET : bare view", samples, target=target, rows=rows)


@measure()
def sparse(bench: Bench) -> Iterator[Line]:
    """GET and list of what is asked for only: large imports against those of one row."""
    size = bench.scale.import_rows
    make_table()
    store.clear()
    with bare_service(bench) as running:
        ids = [running.caller.post(body_of(mixed(rows))) for rows in (size, 1)]
        work_until_idle()
        running.caller.request("POST", BARE, b"{}")
        large, single = (
            getting_repeatedly(bench, running.caller, f"{path_of(id_)}?{STATUS}") for id_ in ids
        )
        bare = getting_repeatedly(bench, running.caller, LATEST)
        samples = bench.interleaved(large=large, single=single, bare=bare)
        names = (("large", "single"), ("large", "bare"))
        pairs = [{name: samples[name] for name in pair} for pair in names]
        yield times("sparse GET, rows : one row", pairs[0], target=at_most(1.1), rows=size)
        yield times("sparse GET : bare view", pairs[1], rows=size)
        for rows in (size, 1):
            for _ in range(LISTED):
                body = body_of(mixed(rows), reference=str(rows))
                running.caller.post(body)
        path = f"{IMPORTS}?{STATUS}&page[size]={LISTED}&filter[q][reference_eq]="
        samples = bench.interleaved(
            large=getting_repeatedly(bench, running.caller, f"{path}{size}"),
            single=getting_repeatedly(bench, running.caller, f"{path}1"),
        )
        yield times("sparse list, rows : one row", samples, target=at_most(1.1), rows=size)


def _posting(bench: Bench, caller: Caller, path: str, body: bytes) -> Run:
    return _repeated(bench, lambda: caller.request("POST", path, body))


def _reading(bench: Bench, caller: Caller, path: str) -> Run:
    return _repeated(bench, lambda: caller.request("GET", path))


def _repeated(bench: Bench, work: Callable[[], object]) -> Run:
    """A round is the mean of several, after one that warms up: a single one is too short."""
    repeats = max(1, bench.scale.requests // 20)

    def run() -> float:
        work()
        return sum(timed(work) for _ in range(repeats)) / repeats

    return run


def getting_repeatedly(bench: Bench, caller: Caller, path: str, headers: Headers = NONE) -> Run:
    """A round is the mean of many GETs."""

    def run() -> float:
        repeats = bench.scale.requests
        return sum(caller.timed_get(path, headers) for _ in range(repeats)) / repeats

    return run
