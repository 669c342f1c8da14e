"""Files: how fast they are read, and imported."""

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import xlsxwriter
from python_calamine import load_workbook

from imports_app.engine.reading import target_of
from imports_app.engine.types import schema_for
from imports_app.inputs import Reader
from imports_app.models import Import
from imports_app.models.status import Status
from imports_app.registry import importers
from imports_app.services import ImportOrder
from tests.benchmarks import store
from tests.benchmarks.bench import Bench, measure
from tests.benchmarks.contenders.engine import queued, work_until_idle
from tests.benchmarks.harness import Line, Run, Seconds, Stopwatch, at_least, rates, timed
from tests.benchmarks.rows import Row, row

MAX_BYTES = 1024**3
# More than 65,530 cells that are links would come out blank.
SHEET = {"constant_memory": True, "strings_to_urls": False}


@measure()
def files(bench: Bench) -> Iterator[Line]:
    """A spreadsheet until its rows are stored, against calamine that reads it alone; and CSV
    against the same rows as JSON, from the file until the import is completed.
    """
    rows = [_flat(number) for number in range(bench.scale.many_rows)]
    sheet, table, array = (bench.folder / f"skus.{kind}" for kind in ("xlsx", "csv", "json"))
    _write_sheet(sheet, rows)
    _write_table(table, rows)
    array.write_text(json.dumps(list(map(_nested, rows)), separators=(",", ":")))
    samples = bench.interleaved(
        stored=_storing(sheet, len(rows)),
        calamine=lambda: timed(lambda: _reading(sheet, len(rows))),
        csv=_importing(table, len(rows)),
        json=_importing(array, len(rows)),
    )
    pairs = [
        {name: samples[name] for name in pair} for pair in (("stored", "calamine"), ("csv", "json"))
    ]
    count = len(rows)
    title = "spreadsheet of 10 columns to stored rows : calamine alone"
    yield rates(title, pairs[0], rows=count, target=at_least(0.5))
    yield rates("CSV to completed : JSON", pairs[1], rows=count, target=at_least(0.7))


def _flat(number: int) -> Row:
    """A row of ten cells."""
    flat = {name: value for name, value in row(number).items() if name != "metadata"}
    return {
        **flat,
        "reference": f"reference-{number}",
        "reference_origin": "the warehouse",
        "metadata.shelf": number % 50,
    }


def _nested(flat: Row) -> Row:
    """The same as an object."""
    *attributes, (_, shelf) = flat.items()
    return {**dict(attributes), "metadata": {"shelf": shelf}}


def _write_sheet(path: Path, rows: Sequence[Row]) -> None:
    with xlsxwriter.Workbook(path, SHEET) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, rows[0])
        for number, each in enumerate(rows, start=1):
            sheet.write_row(number, 0, each.values())


def _write_table(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def _reading(path: Path, rows: int) -> None:
    with load_workbook(path) as book:
        assert len(book.get_sheet_by_index(0).to_python()) == rows + 1


def _stored(path: Path) -> Import:
    target = target_of(schema_for(importers.get("skus")))
    source = Reader(target=target, max_bytes=MAX_BYTES).read(path)
    return queued(ImportOrder.of(source, resource_type="skus"))


def _storing(path: Path, rows: int) -> Run:
    def run() -> Seconds:
        store.reset([])
        watch = Stopwatch()
        with watch.running():
            import_ = _stored(path)
        assert import_.inputs_size == rows
        return watch.seconds

    return run


def _importing(path: Path, rows: int) -> Run:
    def run() -> Seconds:
        store.reset([])
        watch = Stopwatch()
        with watch.running():
            import_ = _stored(path)
            work_until_idle()
        import_.refresh_from_db()
        found = import_.status, import_.processed_count
        assert found == (Status.COMPLETED, rows), found
        return watch.seconds

    return run
