"""Our engine alone: the imports are stored, then carried out in this process."""

from collections.abc import Sequence
from typing import Any

from imports_app.engine.running.run import run_slice
from imports_app.models import Import, Mode
from imports_app.models.status import Status
from imports_app.queue.scheduling import claim_next
from imports_app.services import ImportOrder, create_import
from tests.benchmarks.rows import Row, parts, texts, valid


class Engine:
    """Imports of at most `size` rows, one after the other, with those attributes."""

    def __init__(self, size: int, **attributes: Any) -> None:
        self._size = size
        self._attributes = attributes
        self._imports: list[Import] = []

    def prepare(self, rows: Sequence[Row]) -> None:
        self._imports = [stored(part, **self._attributes) for part in parts(rows, self._size)]

    def run(self) -> None:
        work_until_idle()

    def check(self, rows: Sequence[Row]) -> None:
        check_counts(self._imports, rows)


def stored(rows: Sequence[Row], resource_type: str = "skus", **attributes: Any) -> Import:
    """A pending import of the rows. Only workers that look for it learn of it."""
    return queued(ImportOrder(resource_type=resource_type, rows=texts(rows), **attributes))


def queued(order: ImportOrder) -> Import:
    """Store a pending import of that order."""
    return create_import(order=order, mode=Mode.TEST)


def work_until_idle() -> None:
    """What a worker does, until nothing is left to do."""
    while lease := claim_next():
        run_slice(lease)


def check_counts(imports: Sequence[Import], rows: Sequence[Row]) -> None:
    """Raises AssertionError unless each import went through all of its rows."""
    good = len(valid(rows))
    for import_ in imports:
        import_.refresh_from_db()
    assert {import_.status for import_ in imports} == {Status.COMPLETED}
    assert sum(import_.processed_count for import_ in imports) == good
    assert sum(import_.errors_count for import_ in imports) == len(rows) - good
