"""What it costs to be told, and to ask again and again."""

from collections.abc import Iterator

from tests.benchmarks import store
from tests.benchmarks.bench import Bench, measure
from tests.benchmarks.contenders.engine import work_until_idle
from tests.benchmarks.harness import Line, times
from tests.benchmarks.measures.http import STATUS, getting_repeatedly
from tests.benchmarks.rows import mixed
from tests.benchmarks.service import body_of, path_of, service


@measure()
def events(bench: Bench) -> Iterator[Line]:
    """A poll answered with a 304, by the ETag of the whole import, against one for its status."""
    store.clear()
    with service(bench) as running:
        id_ = running.caller.post(body_of(mixed(bench.scale.import_rows)))
        work_until_idle()
        seen = {"If-None-Match": running.caller.etag(path_of(id_))}
        samples = bench.interleaved(
            unchanged=getting_repeatedly(bench, running.caller, path_of(id_), seen),
            status=getting_repeatedly(bench, running.caller, f"{path_of(id_)}?{STATUS}"),
        )
    yield times("poll answered 304 : status poll", samples, rows=bench.scale.import_rows)
