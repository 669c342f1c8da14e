"""Rows per second where each record goes through its model's own code, against those who do so."""

from collections.abc import Iterator, Sequence

from imports_app.registry import importers
from tests.benchmarks.bench import Bench, measure
from tests.benchmarks.contenders.base import contest
from tests.benchmarks.contenders.engine import Engine
from tests.benchmarks.contenders.import_export import Cleaned, Documented, ImportExport
from tests.benchmarks.harness import Line, at_least, rates
from tests.benchmarks.rows import Row, base, mixed

ALIKE = "django-import-export with full_clean()"


class Saving(Engine):
    """The engine, with `write = "save"` for as long as it runs."""

    def prepare(self, rows: Sequence[Row]) -> None:
        vars(importers.get("skus"))["write"] = "save"
        super().prepare(rows)

    def check(self, rows: Sequence[Row]) -> None:
        del vars(importers.get("skus"))["write"]
        super().check(rows)


@measure()
def save(bench: Bench) -> Iterator[Line]:
    """The engine in this process: each record by the code of its model."""
    few = bench.scale.slow_rows
    names = {ALIKE: Cleaned, "django-import-export without full_clean()": Documented}
    contenders = {"ours": Saving(bench.scale.import_rows)} | {
        name: ImportExport(resource) for name, resource in names.items()
    }
    samples = bench.interleaved(
        **{name: contest(one, base(few), mixed(few)) for name, one in contenders.items()}
    )
    for name in names:
        pair = {"ours": samples["ours"], name: samples[name]}
        target = at_least(1) if name == ALIKE else None
        yield rates(f'write = "save" : {name}', pair, rows=few, target=target)
