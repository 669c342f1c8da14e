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
from tests.benchmarks.bench import Bench, measure
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
    yield rates(title, samples, rows=len(rows), target=at_least(0.7))


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
    """Statements of one batch, as large as they come, and of one row."""
    store.clear()
    ours, reference = (_statements(count) for count in (conf.chunk_rows, 1))
    title = f"statements a batch, {conf.chunk_rows:,} rows : 1"
    yield Line(title, ours, reference, "", ours, at_most(10))


def _statements(count: int) -> int:
    """Those that Django sees, but for what begins and ends transactions."""
    import_ = stored([row(number) for number in range(count)])
    lease = claim_next()
    assert lease is not None
    context = Context(Import.objects.get(pk=import_.pk), lease.token)
    with CaptureQueriesContext(connection) as queries:
        next_batch(context)
    assert context.import_.status in FINAL
    texts = (query["sql"].strip().upper() for query in queries)
    return sum(not text.startswith(TRANSACTION) for text in texts)
