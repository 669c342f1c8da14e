"""Destroying what an import doesn't name."""

from collections.abc import Iterator, Sequence

from django.db import connection

from imports_app.commerce.models import Sku
from imports_app.engine.holding.context import Context
from imports_app.engine.running.steps import Steps
from imports_app.models import Import
from imports_app.queue.scheduling import claim_next
from tests.benchmarks import store
from tests.benchmarks.bench import POSTGRESQL, Bench, measure
from tests.benchmarks.contenders import floor
from tests.benchmarks.contenders.engine import stored
from tests.benchmarks.harness import Line, Run, Seconds, at_most, timed, times
from tests.benchmarks.rows import Row, row

KEPT_OF_TEN = 9
DELETE = f"""
    DELETE FROM {floor.TABLE} WHERE mode = 'test'
    AND NOT EXISTS (SELECT 1 FROM kept WHERE kept.id = {floor.TABLE}.id)
"""


@measure()
def cleanup(bench: Bench) -> Iterator[Line]:
    """A tenth of all records goes: the engine, its rows done, against one DELETE."""
    rows = [row(number) for number in range(bench.scale.many_rows)]
    samples = bench.interleaved(engine=_engine(rows), delete=_anti_join(rows))
    target = at_most(1.8 if bench.backend == POSTGRESQL else 4)
    yield times("cleanup : DELETE", samples, target=target, rows=_gone(rows))


def _gone(rows: Sequence[Row]) -> int:
    return len(rows) - _kept(rows)


def _kept(rows: Sequence[Row]) -> int:
    return len(rows) * KEPT_OF_TEN // 10


def _engine(rows: Sequence[Row]) -> Run:
    def run() -> Seconds:
        store.reset(rows)
        import_ = stored(rows[: _kept(rows)], cleanup_records=True)
        steps = _through_rows(import_)
        seconds = timed(lambda: _to_end(steps))
        import_.refresh_from_db()
        assert import_.destroyed_count == _gone(rows), import_.destroyed_count
        return seconds

    return run


def _through_rows(import_: Import) -> Steps:
    """The import in hand, every row gone through."""
    lease = claim_next()
    assert lease is not None
    steps = Steps(Context(Import.objects.get(pk=import_.pk), lease.token))
    while steps.context.import_.rows_done < import_.inputs_size:
        steps()
    return steps


def _to_end(steps: Steps) -> None:
    while not steps():
        pass


def _anti_join(rows: Sequence[Row]) -> Run:
    """The ids to keep are in a temporary table beforehand."""

    def run() -> Seconds:
        store.reset(rows)
        driver = floor.driver()
        if connection.vendor == "sqlite":
            driver.execute("PRAGMA foreign_keys = ON")  # as for Django's own connection
        ids = f"SELECT id FROM {floor.TABLE} ORDER BY id LIMIT {_kept(rows)}"
        driver.execute(f"CREATE TEMPORARY TABLE kept AS {ids}")
        driver.execute("CREATE UNIQUE INDEX kept_id ON kept (id)")
        driver.execute("ANALYZE kept")
        driver.commit()
        seconds = timed(lambda: (driver.execute(DELETE), driver.commit()))
        driver.close()
        assert Sku.objects.count() == _kept(rows)
        return seconds

    return run
