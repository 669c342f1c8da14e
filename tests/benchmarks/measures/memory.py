"""What a request adds to the web process's memory."""

from collections.abc import Iterator
from statistics import median

from tests.acceptance.processes import descendants
from tests.benchmarks import store
from tests.benchmarks.bench import Bench, measure
from tests.benchmarks.harness import Line, at_most
from tests.benchmarks.memory import MIB, peak, reset_peak, resident
from tests.benchmarks.rows import mixed
from tests.benchmarks.service import body_of, service


@measure()
def web_memory(bench: Bench) -> Iterator[Line]:
    """What a POST adds at its peak to an idle web process, by the size of its body."""
    body = body_of(mixed(bench.scale.import_rows))
    added = [_web_growth(bench, body) / MIB for _ in range(bench.rounds)]
    ours, reference = median(added), len(body) / MIB
    rows, ratio = bench.scale.import_rows, ours / reference
    samples = {"added": added}
    yield Line("web's peak : body", ours, reference, "MiB", ratio, at_most(5), rows, samples)


def _web_growth(bench: Bench, body: bytes) -> int:
    store.clear()
    with service(bench) as running:
        running.caller.post(body_of(mixed(2)[1:]))  # imports what a first request imports
        _, web = descendants(running.stack.web.pid)
        idle = resident(web.pid)
        reset_peak(web.pid)
        running.caller.post(body)
        return peak(web.pid) - idle
