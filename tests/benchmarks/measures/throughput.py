"""Rows per second, against the driver and against what others do."""

from collections.abc import Iterator

from tests.benchmarks.bench import POSTGRESQL, SQLITE, Bench, measure
from tests.benchmarks.contenders.base import Contender, contest
from tests.benchmarks.contenders.dlt_merge import merging
from tests.benchmarks.contenders.end_to_end import EndToEnd
from tests.benchmarks.contenders.engine import Engine
from tests.benchmarks.contenders.floor import Floor
from tests.benchmarks.contenders.import_export import Documented, Fastest, ImportExport
from tests.benchmarks.contenders.orm import UpdateOrCreate
from tests.benchmarks.contenders.pgbulk import Upsert
from tests.benchmarks.contenders.rest_framework import ManyThenBulk
from tests.benchmarks.harness import Line, Run, Target, at_least, rates
from tests.benchmarks.rows import base, mixed, row
from tests.benchmarks.service import service, worker

DLT, PGBULK = "dlt's merge", "django-pgbulk's upsert"
FASTEST, DEFAULT = "django-import-export at its fastest", "django-import-export by default"
# What the ratio to each of them has to be, where anything is asked of it.
TARGETS: dict[str, dict[str, Target]] = {
    POSTGRESQL: {
        "floor": at_least(0.6),
        FASTEST: at_least(40),
        DEFAULT: at_least(100),
    },
    SQLITE: {"floor": at_least(0.5), FASTEST: at_least(20), DEFAULT: at_least(30)},
}


@measure()
def engine(bench: Bench) -> Iterator[Line]:
    """The engine in this process, the imports stored beforehand: changes kept, as by default, or
    not; on PostgreSQL beside others that write in bulk there.
    """
    few, size = bench.scale.slow_rows, bench.scale.import_rows
    bulk = _others_in_bulk(bench)
    samples = bench.interleaved(
        unkept=_mixed(bench, Engine(size, keep_changes=False)),
        default=_mixed(bench, Engine(size)),
        floor=_mixed(bench, Floor()),
        **bulk,
    )
    floor, count = samples["floor"], bench.scale.many_rows
    on_postgresql = bench.backend == POSTGRESQL
    unkept, default = ({"engine": samples[name], "floor": floor} for name in ("unkept", "default"))
    target = at_least(0.75) if on_postgresql else None
    yield rates("engine, changes not kept : floor", unkept, rows=count, target=target)
    target = at_least(0.62) if on_postgresql else None
    yield rates("engine, every default : floor", default, rows=count, target=target)
    for name, bound in ((DLT, 4), (PGBULK, 10)):
        if name in bulk:
            pair = {"engine": samples["default"], name: samples[name]}
            rows = few if name == PGBULK else count
            target = at_least(bound)
            yield rates(f"engine : {name}", pair, rows=count, reference_rows=rows, target=target)


def _others_in_bulk(bench: Bench) -> dict[str, Run]:
    if bench.backend != POSTGRESQL:
        return {}
    few, many = bench.scale.slow_rows, bench.scale.many_rows
    return {
        DLT: merging(base(many), mixed(many)),
        PGBULK: contest(Upsert(), base(few), mixed(few)),
    }


@measure()
def end_to_end(bench: Bench) -> Iterator[Line]:
    """Through HTTP, broker and one worker process, against the floor and the others."""
    few, many = bench.scale.slow_rows, bench.scale.many_rows
    others: dict[str, Contender] = {
        FASTEST: ImportExport(Fastest),
        DEFAULT: ImportExport(Documented),
        "DRF many=True, then bulk_create": ManyThenBulk(),
        "update_or_create a row": UpdateOrCreate(),
    }
    runs = {name: contest(contender, base(few), mixed(few)) for name, contender in others.items()}
    with service(bench) as running, worker(bench):
        running.await_ready()
        ours = _mixed(bench, EndToEnd(running.caller, bench.scale.import_rows))
        samples = bench.interleaved(
            ours=ours, floor=_mixed(bench, Floor()), **runs, **_others_in_bulk(bench)
        )
    for name in samples:
        if name != "ours":
            pair = {"ours": samples["ours"], name: samples[name]}
            rows = many if name in ("floor", DLT) else few
            target = TARGETS[bench.backend].get(name)
            title = f"POST to completed : {name}"
            yield rates(title, pair, rows=many, reference_rows=rows, target=target)


@measure()
def unchanged(bench: Bench) -> Iterator[Line]:
    """The engine, given again what is there, against the floor's blind upsert of the same."""
    rows = [row(number) for number in range(bench.scale.many_rows)]
    samples = bench.interleaved(
        engine=contest(Engine(bench.scale.import_rows), rows, rows),
        floor=contest(Floor(), rows, rows),
    )
    target = at_least(1.3 if bench.backend == POSTGRESQL else 0.8)
    yield rates("engine, unchanged : floor", samples, rows=len(rows), target=target)


def _mixed(bench: Bench, contender: Contender) -> Run:
    count = bench.scale.many_rows
    return contest(contender, base(count), mixed(count))
