"""What keeping changes costs, and taking them back."""

from collections.abc import Iterator

from imports_app.models import Import
from imports_app.models.status import Status
from imports_app.services.undoing import undo_import
from tests.benchmarks import store
from tests.benchmarks.bench import POSTGRESQL, Bench, measure
from tests.benchmarks.contenders.base import contest
from tests.benchmarks.contenders.engine import Engine, work_until_idle
from tests.benchmarks.harness import Line, Run, Seconds, at_least, rates, timed
from tests.benchmarks.rows import Row, expected, row

OPTIONAL = ("description", "image_url", "weight", "metadata")


@measure()
def changes(bench: Bench) -> Iterator[Line]:
    """The engine in this process, all rows updates, with changes kept and without."""
    before, rows = _states(bench)
    size = bench.scale.import_rows
    samples = bench.interleaved(
        kept=contest(Engine(size, keep_changes=True), before, rows),
        unkept=contest(Engine(size, keep_changes=False), before, rows),
    )
    target = at_least(0.8 if bench.backend == POSTGRESQL else 0.65)
    yield rates("updates, changes kept : not kept", samples, rows=len(rows), target=target)


@measure()
def undo(bench: Bench) -> Iterator[Line]:
    """Taking updates back, against importing them; both keep changes."""
    before, rows = _states(bench)
    engine = Engine(bench.scale.import_rows, keep_changes=True)
    samples = bench.interleaved(
        undo=_undoing(engine, before, rows), imports=contest(engine, before, rows)
    )
    target = at_least(0.6) if bench.backend == POSTGRESQL else None
    yield rates("undo of updates : the import of them", samples, rows=len(rows), target=target)
    rows = [_without_one(number, of) for number, of in enumerate(rows)]
    samples = bench.interleaved(
        undo=_undoing(engine, before, rows), imports=_importing(engine, before, rows)
    )
    yield rates("the same, of different attributes", samples, rows=len(rows))


def _undoing(engine: Engine, before: list[Row], rows: list[Row]) -> Run:
    importing = _importing(engine, before, rows)

    def run() -> Seconds:
        importing()
        for import_ in Import.objects.all():
            undo_import(import_=import_)
        seconds = timed(work_until_idle)
        undos = Import.objects.exclude(undo_of=None)
        assert {each.status for each in undos} == {Status.COMPLETED}
        assert sum(each.updated_count for each in undos) == len(rows)
        store.check(expected(before, ()))
        return seconds

    return run


def _importing(engine: Engine, before: list[Row], rows: list[Row]) -> Run:
    def run() -> Seconds:
        store.reset(before)
        engine.prepare(rows)
        seconds = timed(engine.run)
        engine.check(rows)
        return seconds

    return run


def _states(bench: Bench) -> tuple[list[Row], list[Row]]:
    """The records before, and rows that update each of them."""
    numbers = range(bench.scale.many_rows)
    return [row(number) for number in numbers], [row(number, 1) for number in numbers]


def _without_one(number: int, of: Row) -> Row:
    """The row without one of its optional attributes, a different one for each row in turn."""
    left_out = OPTIONAL[number % len(OPTIONAL)]
    return {name: value for name, value in of.items() if name != left_out}
