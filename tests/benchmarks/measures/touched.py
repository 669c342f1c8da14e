"""Who changed a record: what many imports touched is looked through."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from imports_app.api.imports.touched import touched as touching
from imports_app.commerce.models import Sku
from imports_app.models import Import, KeptChanges, Mode
from imports_app.models.ids import new_ids
from imports_app.models.status import Status
from imports_app.storage import changes
from tests.benchmarks import store
from tests.benchmarks.bench import Bench, measure
from tests.benchmarks.contenders.engine import stored, work_until_idle
from tests.benchmarks.harness import Line, Run, timed, times
from tests.benchmarks.rows import parts, row

PAGE = 10


@measure()
def touched(bench: Bench) -> Iterator[Line]:
    """The first page of the imports that touched a record, the earliest of many, against the first
    page of all.
    """
    store.clear()
    count, rows = bench.scale.pending_imports, bench.scale.import_rows
    first = stored([row(number) for number in range(rows)], keep_changes=True)
    work_until_idle()
    _make_others(first, count - 1)
    store.settle()
    record = Sku.objects.values_list("pk", flat=True)[0]
    samples = bench.interleaved(
        touched=_looking(touching(f"skus/{record}"), 1), all=_looking(Q(), PAGE)
    )
    yield times(f"touched, {count:,} imports of {rows:,} : all of them", samples)


def _make_others(first: Import, count: int) -> None:
    """Imports that changed as much as this one, each of other records."""
    kept = [*first.kept_changes.order_by("number")]
    done = {"resource_type": "skus", "status": Status.COMPLETED, "inputs_size": first.inputs_size}
    now = timezone.now()
    for numbers in parts(range(count), PAGE):
        imports = Import.objects.bulk_create(
            Import(
                mode=Mode.TEST,
                position=-1 - number,  # before all that get theirs from the queue
                started_at=now,
                completed_at=now,
                processed_count=first.inputs_size,
                created_count=first.inputs_size,
                **done,
            )
            for number in numbers
        )
        changes.store([_of_others(import_.pk, each) for import_ in imports for each in kept])


def _of_others(import_id: UUID, kept: KeptChanges) -> changes.Kept:
    """The same transaction, but for the records' ids."""
    ids = new_ids(Sku._meta.pk, kept.created, timezone.now())
    touched = b"".join(each.bytes for each in ids)
    counts = kept.created, kept.updated, kept.destroyed
    return (import_id, kept.number, *counts, kept.is_sealed, touched, bytes(kept.content))


def _looking(condition: Q, wanted: int) -> Run:
    found = Import.objects.filter(condition).order_by("-created_at", "-pk")

    def look() -> None:
        assert len(found.values_list("pk")[:PAGE]) == wanted

    return lambda: timed(look)
