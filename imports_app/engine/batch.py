"""A batch: some consecutive rows, carried out in one transaction with their counts and log."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from imports_app import transitions
from imports_app.engine import chunks, limit, log, relations, suspects
from imports_app.engine.context import Context
from imports_app.engine.kept import Kept, kept_records
from imports_app.engine.record_ids import pack_ids
from imports_app.engine.repeats import repeats
from imports_app.engine.rows import Row, failure, read
from imports_app.engine.writers import Written
from imports_app.engine.writing import REFUSALS, write
from imports_app.models import ImportBatch


def next_batch(context: Context) -> None:
    """Carries out the rows behind those done, as far as their chunk goes, and commits them.

    Raises LeaseLost when somebody else owns the import by now, and django.db.Error when the
    transaction failed. Nothing is left of it in either case.
    """
    start = context.import_.rows_done
    chunk = chunks.chunk_at(context.import_.pk, start)
    size, careful = (
        suspects.batch_size(context.import_, chunk.first_row + chunk.rows - start),
        False,
    )
    suspects.count_attempt(context, size)
    while True:
        # Outside of the transaction: that stays short, for on SQLite it keeps others from writing.
        rows = read(context.schema, chunk.inputs, chunk.first_row, start, size)
        try:
            return _commit(context, rows, careful=careful)
        except limit.StopsEarlier as stop:
            size = stop.size
        except REFUSALS:
            if careful:
                raise
            careful = True


def _commit(context: Context, rows: Sequence[Row], *, careful: bool) -> None:
    """The transaction. The context learns of it once it is committed."""
    with transaction.atomic():
        context.check_lease()
        context.writer.begin()
        written = _carry_out(context, rows, careful=careful)
        records = [written.records.get(row.index) for row in rows]
        failed = [row for row in rows if row.errors]
        warnings = list(repeats(context, rows, records))
        log.write(context.import_.pk, [failure(context.schema, row) for row in failed], warnings)
        _remember(context, rows, records, kept_records(context, failed))
        changes = _counts(context, written, errors=len(failed), warnings=len(warnings))
        _move(context, changes, stops=limit.stops_after(context, rows) is not None)
    context.committed(changes)
    context.met.update((pk, index) for index, pk in written.records.items())


def _carry_out(context: Context, rows: Sequence[Row], *, careful: bool) -> Written:
    """Every step can find failures; once they are one too many the later ones are in vain."""
    limit.check(context, rows)
    relations.resolve(context.schema, rows, mode=context.mode, parent=context.parent)
    limit.check(context, rows)
    written = write(context, rows, careful=careful)
    limit.check(context, rows)
    return written


def _remember(context: Context, rows: Sequence[Row], records: Sequence[Any], kept: Kept) -> None:
    ImportBatch.objects.create(
        bulk_import_id=context.import_.pk,
        first_row=rows[0].index,
        rows=len(rows),
        records=pack_ids(records),
        kept=pack_ids(kept.records),
        unmatched=kept.unmatched,
    )


def _counts(context: Context, written: Written, *, errors: int, warnings: int) -> dict[str, Any]:
    import_ = context.import_
    processed = written.created + written.updated + written.unchanged
    rows_done = import_.rows_done + processed + errors
    return {
        "created_count": import_.created_count + written.created,
        "updated_count": import_.updated_count + written.updated,
        "unchanged_count": import_.unchanged_count + written.unchanged,
        "processed_count": import_.processed_count + processed,
        **suspects.cleared(import_, rows_done),
        "errors_count": import_.errors_count + errors,
        "warnings_count": import_.warnings_count + warnings,
    }


def _move(context: Context, changes: dict[str, Any], *, stops: bool) -> None:
    """The guarded UPDATE that ends the transaction: raises LeaseLost if the lease is gone."""
    import_ = context.import_
    done = changes["processed_count"] + changes["errors_count"] == import_.inputs_size
    if stops:
        move = transitions.interrupt
    elif done and not import_.cleanup_records:
        move = transitions.complete
    else:
        move = transitions.advance
    context.move(move, changes)
