"""Peak memory of the processes."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from imports_app.models import Import
from imports_app.models.status import Status
from tests.acceptance.processes import descendants, eventually
from tests.benchmarks import store
from tests.benchmarks.bench import Bench, measure
from tests.benchmarks.contenders.engine import stored
from tests.benchmarks.harness import Line, at_most
from tests.benchmarks.rows import base, mixed
from tests.benchmarks.service import body_of, service, worker

MIB = 2**20
WAIT_SECONDS = 600
RESET_PEAK = "5"  # see proc(5), /proc/pid/clear_refs


@measure()
def worker_memory(bench: Bench) -> Iterator[Line]:
    """A fresh worker's peak over one large import, less that over one of the usual size."""
    sizes = (bench.scale.many_rows, bench.scale.import_rows)
    samples: dict[str, list[float]] = {str(size): [] for size in sizes}
    for _ in range(bench.rounds):
        for size in sizes:
            samples[str(size)].append(_worker_peak(bench, size))
    large, usual = (median(peaks) for peaks in samples.values())
    title = f"worker's peak, {sizes[0]:,} rows - {sizes[1]:,}"
    yield Line(title, large, usual, "MiB", large - usual, at_most(32), sizes[0], samples)


def _worker_peak(bench: Bench, size: int) -> float:
    """MiB of the largest of its processes."""
    store.reset(base(size))
    stored(mixed(size))
    with worker(bench) as process:
        eventually(lambda: not Import.objects.active().exists(), "it is final", WAIT_SECONDS)
        assert Import.objects.get().status == Status.COMPLETED
        return max(_memory(each.pid, "VmHWM") for each in descendants(process.pid)) / MIB


@measure()
def web_memory(bench: Bench) -> Iterator[Line]:
    """What a POST adds at its peak to an idle web process, by the size of its body."""
    body = body_of(mixed(bench.scale.import_rows))
    added = [_web_growth(bench, body) for _ in range(bench.rounds)]
    ours, reference = median(added) / MIB, len(body) / MIB
    samples = {"added": [each / MIB for each in added]}
    rows = bench.scale.import_rows
    yield Line(
        "web's peak : body", ours, reference, "MiB", ours / reference, at_most(5), rows, samples
    )


def _web_growth(bench: Bench, body: bytes) -> int:
    store.clear()
    with service(bench) as running:
        running.caller.post(body_of(mixed(2)[1:]))  # imports what a first request imports
        _, web = descendants(running.stack.web.pid)
        idle = _memory(web.pid, "VmRSS")
        Path(f"/proc/{web.pid}/clear_refs").write_text(RESET_PEAK)
        running.caller.post(body)
        return _memory(web.pid, "VmHWM") - idle


def _memory(pid: int, field: str) -> int:
    """Bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(field)
