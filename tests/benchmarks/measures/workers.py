"""Worker processes side by side, on types that have nothing to do with one another."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

import psutil
from django.db.models import Max, Min

from imports_app.models import Import
from imports_app.models.status import Status
from tests.acceptance.processes import Process, descendants, eventually
from tests.benchmarks import store
from tests.benchmarks.bench import POSTGRESQL, Bench, measure
from tests.benchmarks.contenders.engine import stored
from tests.benchmarks.harness import Line, Seconds, Target, at_least, at_most, rates
from tests.benchmarks.processors import busy, server, spent
from tests.benchmarks.rows import Row, parts, row
from tests.benchmarks.service import worker

WAIT_SECONDS = 600
MICROSECONDS = 1_000_000
SHARE = "share of all cores busy"


@dataclass
class Workers:
    """So many worker processes, and what each round of them took."""

    bench: Bench
    processes: int
    used: list[Seconds] = field(default_factory=list)  # processor time, the server's with it
    busy: list[float] = field(default_factory=list)

    def __call__(self) -> Seconds:
        """One round, by what the imports say."""
        store.clear()
        for resource_type, rows in _rows(self.bench).items():
            for part in parts(rows, self.bench.scale.import_rows // 2):
                stored(part, resource_type)
        store.settle()
        with worker(self.bench, self.processes) as process:
            self._watch(process)
        assert not Import.objects.exclude(status=Status.COMPLETED).exists()
        times = Import.objects.aggregate(start=Min("started_at"), end=Max("completed_at"))
        seconds: Seconds = (times["end"] - times["start"]).total_seconds()
        return seconds

    def _watch(self, process: Process) -> None:
        """Count from the first claim: the time that a start takes isn't work."""
        started = Import.objects.exclude(status=Status.PENDING)
        eventually(started.exists, "one is started", WAIT_SECONDS)
        used, machine = _used(process), psutil.cpu_times()
        eventually(lambda: not Import.objects.active().exists(), "all are final", WAIT_SECONDS)
        self.busy.append(busy(machine, psutil.cpu_times()))
        self.used.append(_used(process) - used)


def _used(process: Process) -> Seconds:
    return spent([*descendants(process.pid), *server()])


@measure(POSTGRESQL)
def workers(bench: Bench) -> Iterator[Line]:
    """Two worker processes, then four, against one. Where two can't be 1.3 times as fast, for both
    cores are busy with one and the server, that share is what counts.
    """
    runs = {"two": Workers(bench, 2), "one": Workers(bench, 1), "four": Workers(bench, 4)}
    samples = bench.interleaved(**runs)
    count = sum(map(len, _rows(bench).values()))
    for name in ("two", "four"):
        is_two = name == "two"
        pair = {each: samples[each] for each in (name, "one")}
        target = at_least(1.3) if is_two else None
        yield rates(f"{name} workers : one", pair, rows=count, target=target)
        target = at_least(0.9) if is_two else None
        yield _shares(name, runs[name], runs["one"], target)
        target = at_most(1.1) if is_two else None
        yield _processor_time(name, runs[name], runs["one"], count, target)


def _shares(name: str, ours: Workers, one: Workers, target: Target | None) -> Line:
    share, alone = median(ours.busy), median(one.busy)
    samples = {name: ours.busy, "one": one.busy}
    return Line(f"{name} workers, {SHARE} : one", share, alone, "", share, target, None, samples)


def _processor_time(
    name: str, ours: Workers, one: Workers, rows: int, target: Target | None
) -> Line:
    each = {
        label: [MICROSECONDS * used / rows for used in run.used]
        for label, run in ((name, ours), ("one", one))
    }
    mine, alone = map(median, each.values())
    title = f"{name} workers, processor time a row : one"
    return Line(title, mine, alone, "µs", mine / alone, target, rows, each)


def _rows(bench: Bench) -> dict[str, list[Row]]:
    """A quarter of all rows of each type."""
    numbers = range(bench.scale.many_rows // 4)
    return {
        "skus": [row(number) for number in numbers],
        "customers": [_customer(number) for number in numbers],
        "addresses": [_address(number) for number in numbers],
        "gift_cards": [_gift_card(number) for number in numbers],
    }


def _customer(number: int) -> Row:
    """About as much to write as a SKU."""
    return {
        "email": f"customer-{_scattered(number)}@example.com",
        "reference": f"A customer of good standing, number {number}, in the books since long ago",
        "reference_origin": f"https://customers.example.com/{number:08}",
        "metadata": {"edition": 0, "shelf": number % 50},
    }


def _address(number: int) -> Row:
    return {
        "line_1": f"{number} Long Road, at the corner of Short Street",
        "city": "Town",
        "country_code": "GB",
        "phone": f"{number:08}",
        "first_name": "Ada",
        "last_name": f"Byron the {number}th",
        "reference": f"address-{_scattered(number)}",
        "metadata": {"edition": 0, "shelf": number % 50},
    }


def _gift_card(number: int) -> Row:
    return {
        "code": f"a-gift-card-{_scattered(number)}",
        "balance_cents": number,
        "currency_code": "EUR",
        "image_url": f"https://images.example.com/{number:08}.jpg",
        "recipient_email": f"recipient-{number}@example.com",
        "reference": f"A gift of somebody, number {number}, for somebody else",
        "metadata": {"edition": 0, "shelf": number % 50},
    }


def _scattered(number: int) -> str:
    """A number that falls anywhere in an index."""
    return f"{number * 2_654_435_761 % 2**32:010}"
