"""Rows per second, against the driver and against what others do."""

from collections.abc import Iterator

from tests.benchmarks.bench import POSTGRESQL, Bench, measure
from tests.benchmarks.contenders.base import Contender, contest
from tests.benchmarks.contenders.end_to_end import EndToEnd
from tests.benchmarks.contenders.engine import Engine
from tests.benchmarks.contenders.floor import Floor
from tests.benchmarks.contenders.import_export import Documented, Fastest, ImportExport
from tests.benchmarks.contenders.orm import UpdateOrCreate
from tests.benchmarks.contenders.rest_framework import ManyThenBulk
from tests.benchmarks.harness import Line, Run, Target, at_least, rates
from tests.benchmarks.rows import base, mixed, row
from tests.benchmarks.service import service, worker

OTHERS: dict[str, tuple[Contender, Target | None]] = {
    "django-import-export at its fastest": (ImportExport(Fastest), at_least(30)),
    "django-import-export by default": (ImportExport(Documented), at_least(100)),
    "DRF many=True, then bulk_create": (ManyThenBulk(), None),
    "update_or_create a row": (UpdateOrCreate(), None),
}


@measure()
def engine(bench: Bench) -> Iterator[Line]:
    """The engine in this process, the imports stored beforehand."""
    samples = bench.interleaved(
        engine=_mixed(bench, Engine(bench.scale.import_rows)),
        floor=_mixed(bench, Floor()),
    )
    target = at_least(0.85) if bench.backend == POSTGRESQL else None
    yield rates("engine : floor", samples, rows=bench.scale.many_rows, target=target)


@measure()
def end_to_end(bench: Bench) -> Iterator[Line]:
    """Through HTTP, broker and one worker process, against the floor and the others."""
    few = bench.scale.slow_rows
    others = {
        name: contest(contender, base(few), mixed(few)) for name, (contender, _) in OTHERS.items()
    }
    with service(bench) as running, worker(bench):
        running.await_ready()
        ours = _mixed(bench, EndToEnd(running.caller, bench.scale.import_rows))
        samples = bench.interleaved(ours=ours, floor=_mixed(bench, Floor()), **others)
    floor = {name: samples[name] for name in ("ours", "floor")}
    target = at_least(0.7 if bench.backend == POSTGRESQL else 0.6)
    count = bench.scale.many_rows
    yield rates("POST to completed : floor", floor, rows=count, target=target)
    for name, (_, target_for) in OTHERS.items():
        pair = {"ours": samples["ours"], name: samples[name]}
        title = f"POST to completed : {name}"
        yield rates(title, pair, rows=count, reference_rows=few, target=target_for)


@measure()
def unchanged(bench: Bench) -> Iterator[Line]:
    """The engine, given again what is there, against the floor's blind upsert of the same."""
    rows = [row(number) for number in range(bench.scale.many_rows)]
    samples = bench.interleaved(
        engine=contest(Engine(bench.scale.import_rows), rows, rows),
        floor=contest(Floor(), rows, rows),
    )
    yield rates("engine, unchanged : floor", samples, rows=len(rows), target=at_least(1.3))


@measure()
def one_large(bench: Bench) -> Iterator[Line]:
    """The engine with all rows in one import, against several."""
    samples = bench.interleaved(
        one=_mixed(bench, Engine(bench.scale.many_rows)),
        several=_mixed(bench, Engine(bench.scale.import_rows)),
    )
    title = f"engine, one import : {bench.scale.imports}"
    yield rates(title, samples, rows=bench.scale.many_rows, target=at_least(0.95))


def _mixed(bench: Bench, contender: Contender) -> Run:
    count = bench.scale.many_rows
    return contest(contender, base(count), mixed(count))
