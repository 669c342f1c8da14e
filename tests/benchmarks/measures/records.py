"""Listings of records, against a bare view of the same server."""

from collections.abc import Iterator

from tests.benchmarks import store
from tests.benchmarks.bench import Bench, measure
from tests.benchmarks.harness import Line, at_most, times
from tests.benchmarks.measures.http import getting_repeatedly
from tests.benchmarks.rows import base
from tests.benchmarks.service import bare_service

LISTED = 100


@measure()
def records(bench: Bench) -> Iterator[Line]:
    """List of a page of records, against `values()` and `json.dumps` of as many."""
    store.reset(base(4 * LISTED))
    with bare_service(bench) as running:
        samples = bench.interleaved(
            ours=getting_repeatedly(bench, running.caller, f"/api/skus?page[size]={LISTED}"),
            bare=getting_repeatedly(bench, running.caller, f"/bare/records?size={LISTED}"),
        )
    yield times("list of records : values()", samples, target=at_most(3.9), rows=LISTED)
