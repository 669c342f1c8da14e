"""Imports all of whose rows fail."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

from imports_app.commerce.models import Sku
from imports_app.models.status import Status
from tests.benchmarks import store
from tests.benchmarks.bench import Bench, measure
from tests.benchmarks.contenders.engine import stored, work_until_idle
from tests.benchmarks.harness import Line, Run, Seconds, at_least, rates, timed
from tests.benchmarks.rows import Row, row

REFUSED = "REFUSED"  # what codes begin with that the database refuses, and validation doesn't
TABLE = Sku._meta.db_table
NAME = "bench_refused"


@measure()
def failing(bench: Bench) -> Iterator[Line]:
    """The engine, given rows that all fail, against rows that are all good."""
    many, few = bench.scale.import_rows, bench.scale.slow_rows
    good = [row(number) for number in range(many)]
    with _refusing():
        samples = bench.interleaved(
            invalid=_importing([{**each, "pieces_per_pack": "a dozen"} for each in good], 0),
            refused=_importing([row(number, prefix=REFUSED) for number in range(few)], 0),
            good=_importing(good, many),
        )
    pairs = {
        name: {"ours": samples[name], "good": samples["good"]} for name in ("invalid", "refused")
    }
    target = at_least(1 / 3)
    yield rates("rows that fail validation : good", pairs["invalid"], rows=many, target=target)
    yield rates(
        "rows that fail a constraint : good",
        pairs["refused"],
        rows=few,
        reference_rows=many,
        target=at_least(0.05),
    )


@contextmanager
def _refusing() -> Iterator[None]:
    """A constraint that only the database knows of."""
    if connection.vendor == "postgresql":
        refuse = f"ALTER TABLE {TABLE} ADD CONSTRAINT {NAME} CHECK (code NOT LIKE '{REFUSED}%')"
        allow = f"ALTER TABLE {TABLE} DROP CONSTRAINT {NAME}"
    else:
        refuse = f"""
            CREATE TRIGGER {NAME} BEFORE INSERT ON {TABLE} WHEN NEW.code LIKE '{REFUSED}%'
            BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: {NAME}'); END
        """
        allow = f"DROP TRIGGER {NAME}"
    with connection.cursor() as cursor:
        cursor.execute(refuse)
        yield
        cursor.execute(allow)


def _importing(rows: Sequence[Row], processed: int) -> Run:
    def run() -> Seconds:
        store.reset([])
        import_ = stored(rows, skip_errors=True)
        seconds = timed(work_until_idle)
        import_.refresh_from_db()
        found = import_.status, import_.processed_count, import_.errors_count
        assert found == (Status.COMPLETED, processed, len(rows) - processed), found
        return seconds

    return run
