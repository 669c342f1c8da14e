"""Worker processes side by side."""

from collections.abc import Iterator

from django.db.models import Max, Min

from imports_app.models import Import
from imports_app.models.status import Status
from tests.acceptance.processes import eventually
from tests.benchmarks import store
from tests.benchmarks.bench import POSTGRESQL, Bench, measure
from tests.benchmarks.contenders.engine import stored
from tests.benchmarks.harness import Line, Run, Seconds, at_least, rates
from tests.benchmarks.rows import Row, parts, row
from tests.benchmarks.service import worker

WAIT_SECONDS = 600


@measure(POSTGRESQL)
def two_workers(bench: Bench) -> Iterator[Line]:
    """Imports of two types that have nothing to do with one another: two processes against one."""
    samples = bench.interleaved(two=_by(bench, 2), one=_by(bench, 1))
    count = bench.scale.many_rows
    yield rates("two workers : one", samples, rows=count, target=at_least(1.5))


def _by(bench: Bench, processes: int) -> Run:
    half = bench.scale.many_rows // 2
    skus = [row(number) for number in range(half)]
    customers = [_customer(number) for number in range(half)]

    def run() -> Seconds:
        store.reset([])
        for resource_type, rows in (("skus", skus), ("customers", customers)):
            for part in parts(rows, bench.scale.import_rows):
                stored(part, resource_type)
        with worker(bench, processes):
            return _seconds_until_done()

    return run


def _seconds_until_done() -> Seconds:
    """From the start of the first import to the end of the last, by what they say."""
    eventually(lambda: not Import.objects.active().exists(), "all are final", WAIT_SECONDS)
    assert not Import.objects.exclude(status=Status.COMPLETED).exists()
    times = Import.objects.aggregate(start=Min("started_at"), end=Max("completed_at"))
    seconds: Seconds = (times["end"] - times["start"]).total_seconds()
    return seconds


def _customer(number: int) -> Row:
    """About as much to write as a SKU."""
    return {
        "email": f"customer-{number * 2_654_435_761 % 2**32:010}@example.com",
        "reference": f"A customer of good standing, number {number}, in the books since long ago",
        "reference_origin": f"https://customers.example.com/{number:08}",
        "metadata": {"edition": 0, "shelf": number % 50},
    }
