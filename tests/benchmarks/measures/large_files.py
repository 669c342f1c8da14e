"""A million rows in one file: as fast as in several, and in as much memory as ten thousand."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from statistics import median
from time import time
from typing import NamedTuple

from tests.acceptance.processes import Process, descendants
from tests.benchmarks import store
from tests.benchmarks.bench import POSTGRESQL, Bench, measure
from tests.benchmarks.harness import Line, Run, Seconds, at_least, at_most, rates
from tests.benchmarks.memory import MIB, peak
from tests.benchmarks.rows import row, texts
from tests.benchmarks.service import Caller, service, worker

NDJSON = "application/x-ndjson"


@measure()
def large_file(bench: Bench) -> Iterator[Line]:
    """From the POST of the file to the end of the import, against several files; rows are new."""
    many = bench.scale.table_rows
    part = many // bench.scale.imports
    with service(bench) as running, worker(bench):
        running.await_ready()
        one = [_file(bench, 0, many)]
        several = [_file(bench, start, part) for start in range(0, many, part)]
        samples = bench.interleaved(
            one=_importing(running.caller, one), several=_importing(running.caller, several)
        )
    title = f"a file of {many:,} rows : {len(several)} of {part:,}"
    yield rates(title, samples, rows=many, target=at_least(0.9))


def _file(bench: Bench, start: int, rows: int) -> Path:
    """NDJSON, written once."""
    path = bench.folder / f"{start}-{rows}.ndjson"
    if not path.exists():
        with path.open("wb") as stream:
            for number in range(start, start + rows):
                stream.write(texts([row(number)])[0] + b"\n")
    return path


def _importing(caller: Caller, files: list[Path]) -> Run:
    def run() -> Seconds:
        store.reset([])
        start = time()
        ids = [caller.file(path, NDJSON) for path in files]
        last = caller.finished(ids[-1])["completed_at"]
        finished = [caller.finished(id_) for id_ in ids]
        assert {(each["status"], each["errors_count"]) for each in finished} == {("completed", 0)}
        return datetime.fromisoformat(last).timestamp() - start

    return run


class Peaks(NamedTuple):
    """MiB of the largest of the processes."""

    web: float
    worker: float


@measure()
def large_memory(bench: Bench) -> Iterator[Line]:
    """Peaks of fresh processes over one large file, less those over one of the usual size."""
    sizes = (bench.scale.table_rows, bench.scale.import_rows)
    peaks: dict[int, list[Peaks]] = {size: [] for size in sizes}
    for _ in range(bench.rounds):
        for size in sizes:
            peaks[size].append(_peaks(bench, size))
    for name in Peaks._fields:
        samples = {str(size): [getattr(each, name) for each in peaks[size]] for size in sizes}
        large, usual = map(median, samples.values())
        title = f"{name}'s peak, a file of {sizes[0]:,} rows - {sizes[1]:,}"
        target = at_most(96 if name == "worker" and bench.backend != POSTGRESQL else 64)
        yield Line(title, large, usual, "MiB", large - usual, target, sizes[0], samples)


def _peaks(bench: Bench, size: int) -> Peaks:
    store.reset([])
    with service(bench) as running, worker(bench) as process:
        running.await_ready()
        id_ = running.caller.file(_file(bench, 0, size), NDJSON)
        assert running.caller.finished(id_)["status"] == "completed"
        return Peaks(_largest(running.stack.web), _largest(process))


def _largest(process: Process) -> float:
    return max(peak(each.pid) for each in descendants(process.pid)) / MIB
