"""Prune old imports: remove their inputs and logs, and on demand the imports themselves.

An import that was pruned keeps its attributes and counts; it shows no inputs and can't be retried.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q

from imports_app.database import atomic
from imports_app.models import (
    CsvPiece,
    Import,
    ImportBatch,
    ImportChunk,
    KeptChanges,
    RowFailure,
    RowWarning,
    SealedRow,
    Topic,
)
from imports_app.models.status import FINAL
from imports_app.storage import changes
from imports_app.storage.events import happened

LOGS: tuple[type[models.Model], ...] = (RowFailure, RowWarning, ImportBatch)
ROWS_A_TRANSACTION = 5_000
CHANGES_A_TRANSACTION = 50  # each those of a batch


@dataclass
class Pruned:
    """What was removed, or would be."""

    imports: int = 0
    input_rows: int = 0
    log_entries: int = 0
    deleted: int = 0
    changes: int = 0


def prune(before: datetime, *, delete: bool = False) -> Iterator[Pruned]:
    """Prune imports that ended before that moment, one by one, and yield the totals after each.

    With `delete` the imports go too; records that they wrote stay in any case. Every transaction
    is bounded: the inputs of one import, or so many entries of a log.
    """
    total = Pruned()
    for pk in list(_old(before, delete=delete).values_list("pk", flat=True)):
        total.input_rows += _drop_inputs(pk)
        total.log_entries += sum(_drop(model, pk) for model in LOGS)
        if delete:
            total.deleted += _destroy(pk)
        total.imports += 1
        yield total


def prune_changes(before: datetime, *, dry_run: bool = False) -> Pruned:
    """Remove only the kept changes of imports that ended before that moment.

    They can't be undone any more. A transaction removes what some transactions changed.
    """
    total = Pruned()
    for import_ in Import.objects.filter(_ended(before), Exists(_changes_of(OuterRef("pk")))):
        total.imports += 1
        total.changes += changes.count(import_)
        if not dry_run:
            _drop(KeptChanges, import_.pk, at_once=CHANGES_A_TRANSACTION)
    return total


def _changes_of(import_: Any) -> models.QuerySet[KeptChanges]:
    return KeptChanges.objects.filter(bulk_import=import_)


def prunable(before: datetime, *, delete: bool = False) -> Pruned:
    """Return what `prune` would remove."""
    pks = list(_old(before, delete=delete).values_list("pk", flat=True))
    of_those = Q(bulk_import__in=_old(before, delete=delete).order_by().values("pk"))
    rows = ImportChunk.objects.filter(of_those).aggregate(rows=models.Sum("rows"))["rows"]
    return Pruned(
        imports=len(pks),
        input_rows=rows or 0,
        log_entries=sum(model._default_manager.filter(of_those).count() for model in LOGS),
        deleted=len(pks) if delete else 0,
    )


def _old(before: datetime, *, delete: bool) -> models.QuerySet[Import]:
    """Return final imports that ended before; without `delete` those that have anything to lose."""
    imports = Import.objects.filter(_ended(before)).order_by("created_at")
    if delete:
        return imports
    kept = Q(Exists(ImportChunk.objects.filter(bulk_import=OuterRef("pk"))))
    for model in LOGS:
        kept |= Q(Exists(model._default_manager.filter(bulk_import=OuterRef("pk"))))
    return imports.filter(kept)


def _ended(before: datetime) -> Q:
    """Return the condition that an import ended before."""
    return Q(Q(completed_at__lt=before) | Q(interrupted_at__lt=before), status__in=FINAL)


def _drop_inputs(pk: UUID) -> int:
    """Return all of them at once, so that a retry, which locks the import too, finds all or
    none.
    """
    with atomic():
        Import.objects.select_for_update().filter(pk=pk).first()
        chunks = ImportChunk.objects.filter(bulk_import=pk)
        rows = chunks.aggregate(rows=models.Sum("rows"))["rows"]
        chunks.delete()
        CsvPiece.objects.filter(bulk_import=pk).delete()
        SealedRow.objects.filter(bulk_import=pk).delete()
        Import.objects.filter(pk=pk).update()  # raises its revision: the inputs are gone
    return rows or 0


def _destroy(pk: UUID) -> int:
    """Delete a final import, and store the event; return whether it was still there."""
    with atomic():
        held = Import.objects.select_for_update().filter(pk=pk, status__in=FINAL).first()
        if held is None:
            return 0
        happened(Topic.DESTROY, held)
        held.delete()
    return 1


def _drop(model: type[models.Model], pk: UUID, *, at_once: int = ROWS_A_TRANSACTION) -> int:
    removed = 0
    entries = model._default_manager.filter(bulk_import=pk).order_by()
    while ids := list(entries.values_list("pk", flat=True)[:at_once]):
        removed += model._default_manager.filter(pk__in=ids).delete()[0]
    return removed
