"""What must not grow with what is there already."""

from collections.abc import Iterator, Sequence

from django.db import connection
from django.test.utils import CaptureQueriesContext

from imports_app.commerce.models import Sku
from imports_app.conf import conf
from imports_app.engine.applying.batch import next_batch
from imports_app.engine.holding.context import Context
from imports_app.models import Import
from imports_app.models.status import FINAL
from imports_app.queue.scheduling import claim_next
from tests.benchmarks import store
from tests.benchmarks.bench import POSTGRESQL, Bench, measure
from tests.benchmarks.contenders.engine import Engine, stored
from tests.benchmarks.contenders.floor import Floor
from tests.benchmarks.harness import Line, Run, Seconds, at_least, at_most, rates, timed
from tests.benchmarks.rows import Row, parts, row
from tests.benchmarks.snapshot import Snapshot

LOADED_AT_ONCE = 50_000
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SET ")


@measure()
def table_size(bench: Bench) -> Iterator[Line]:
    """The engine's rate with many records in the table, against an empty one; all rows are new."""
    many = bench.scale.table_rows
    store.clear()
    for numbers in parts(range(many), LOADED_AT_ONCE):
        floor = Floor()
        floor.prepare([row(number) for number in numbers])
        floor.run()
    snapshot = Snapshot(Sku._meta.db_table)
    rows = [row(many + number) for number in range(bench.scale.many_rows)]
    samples = bench.interleaved(
        full=_into(bench, rows, snapshot),
        empty=_into(bench, rows, None),
    )
    snapshot.drop()
    title = f"engine, {many:,} records there : none"
    target = at_least(0.75 if bench.backend == POSTGRESQL else 0.6)
    yield rates(title, samples, rows=len(rows), target=target)


def _into(bench: Bench, rows: Sequence[Row], snapshot: Snapshot | None) -> Run:
    engine = Engine(bench.scale.import_rows)

    def run() -> Seconds:
        store.clear()
        if snapshot:
            snapshot.restore()
        store.settle()
        engine.prepare(rows)
        seconds = timed(engine.run)
        engine.check(rows)
        return seconds

    return run


@measure()
def statements(bench: Bench) -> Iterator[Line]:
    """Statements of a batch, as large as they come; and of one row from claim to end."""
    store.clear()
    rows = conf.chunk_rows
    (_, ours, _), (reference,) = _statements(3 * rows), _statements(1)
    title = f"statements, a batch of {rows:,} rows : a whole import of 1"
    yield Line(title, ours, reference, "", ours, at_most(10), rows)


def _statements(count: int) -> list[int]:
    """Those that Django sees of each batch, except those that begin and end transactions."""
    import_ = stored([row(number) for number in range(count)])
    lease = claim_next()
    assert lease is not None
    context = Context(Import.objects.get(pk=import_.pk), lease.token)
    counts = []
    while context.import_.status not in FINAL:
        with CaptureQueriesContext(connection) as queries:
            next_batch(context)
        texts = (query["sql"].strip().upper() for query in queries)
        counts.append(sum(not text.startswith(TRANSACTION) for text in texts))
    return counts
