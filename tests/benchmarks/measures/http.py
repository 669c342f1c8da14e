"""Requests over HTTP to a real web process, against what the driver takes for the same bytes."""

from collections.abc import Callable, Iterator

from tests.benchmarks import store
from tests.benchmarks.bench import Bench, measure
from tests.benchmarks.contenders.engine import work_until_idle
from tests.benchmarks.contenders.inputs import fetching, inserting
from tests.benchmarks.harness import Line, Run, at_most, timed, times
from tests.benchmarks.rows import mixed, texts
from tests.benchmarks.service import IMPORTS, Caller, body_of, path_of, service

STATUS = "fields[imports]=status,processed_count"
LISTED = 25


@measure()
def posting(bench: Bench) -> Iterator[Line]:
    """POST of an import, its answer read, against INSERT of the same bytes and commit.

    Into a table whose column is kept and compressed as ours.
    """
    rows = mixed(bench.scale.import_rows)
    body, text = body_of(rows), (b"[%s]" % b",".join(texts(rows))).decode()
    store.clear()
    with service(bench) as running, inserting(text) as insert:
        samples = bench.interleaved(
            post=_repeated(bench, lambda: running.caller.request("POST", IMPORTS, body)),
            insert=_repeated(bench, insert),
        )
    yield times("POST : INSERT", samples, target=at_most(2), rows=len(rows))


@measure()
def getting(bench: Bench) -> Iterator[Line]:
    """GET of an import with its inputs, against fetching them by the driver."""
    rows = mixed(bench.scale.import_rows)
    store.clear()
    with service(bench) as running:
        id_ = running.caller.post(body_of(rows))
        work_until_idle()
        with fetching(id_) as fetch:
            samples = bench.interleaved(
                get=_repeated(bench, lambda: running.caller.request("GET", path_of(id_))),
                fetch=_repeated(bench, fetch),
            )
    yield times("GET : SELECT", samples, target=at_most(2), rows=len(rows))


@measure()
def sparse(bench: Bench) -> Iterator[Line]:
    """GET and list of what is asked for only: large imports against those of one row."""
    size = bench.scale.import_rows
    store.clear()
    with service(bench) as running:
        ids = [running.caller.post(body_of(mixed(rows))) for rows in (size, 1)]
        work_until_idle()
        large, single = (
            getting_repeatedly(bench, running.caller, f"{path_of(id_)}?{STATUS}") for id_ in ids
        )
        samples = bench.interleaved(large=large, single=single)
        yield times("sparse GET, rows : one row", samples, target=at_most(1.1), rows=size)
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


def _repeated(bench: Bench, work: Callable[[], object]) -> Run:
    """A round is the mean of some: one alone is too short to compare."""
    repeats = max(1, bench.scale.requests // 20)

    def run() -> float:
        return sum(timed(work) for _ in range(repeats)) / repeats

    return run


def getting_repeatedly(bench: Bench, caller: Caller, path: str) -> Run:
    """A round is the mean of many GETs."""

    def run() -> float:
        repeats = bench.scale.requests
        return sum(caller.timed_get(path) for _ in range(repeats)) / repeats

    return run
