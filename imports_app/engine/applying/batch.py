"""A batch: consecutive rows that are carried out in one transaction with their counts and log."""

from collections.abc import Sequence

from imports_app.database import atomic
from imports_app.engine.applying import chunk_splitting, suspects
from imports_app.engine.applying.early_rows import credit, split_off
from imports_app.engine.applying.failed_rows import examine
from imports_app.engine.applying.hashing import hash_ahead
from imports_app.engine.applying.linked_rows import look_up, write_rows
from imports_app.engine.applying.notices import notices_of
from imports_app.engine.applying.refusals import REFUSALS
from imports_app.engine.applying.signals import send_on_commit
from imports_app.engine.applying.writing import write
from imports_app.engine.holding import Context, Kept, Outcome, counts_with
from imports_app.engine.planning import Draft, Known, Prepared, prepare
from imports_app.engine.reading import Row, Rows, failures_of
from imports_app.engine.writers import Written
from imports_app.models.status import Move
from imports_app.storage import sealed


def next_batch(context: Context) -> None:
    """Carry out the next rows, to the end of their chunk at most, and commit them.

    Raises LeaseLost when somebody else owns the import by now, and django.db.Error when the
    transaction failed. Nothing is left of it in either case.
    """
    start = context.rows_done
    expected = context.prefetch.take(start)
    chunk, prepared = expected.chunk, expected.prepared
    left = chunk.first_row + chunk.rows - start
    size, isolating = left, False
    if context.import_.suspect_end is not None:
        size = suspects.next_size(context, chunk, left)
    if size < left:
        size = chunk_splitting.uncut_size(context, chunk, start, size)
    context.prefetch.expect(start + size)
    context.hashes.clear()
    while True:
        # Outside of the transaction: that stays short, for on SQLite it keeps others from writing.
        if prepared is None or len(prepared.rows) != size:
            prepared = prepare(context.schema, context.import_, chunk, start, size)
        hash_ahead(context, prepared.rows)
        try:
            return _commit(context, prepared, isolating=isolating)
        except StopsEarlier as stop:
            size = stop.size
        except REFUSALS:
            if isolating:
                raise
            isolating = True
        prepared = None


def _commit(context: Context, prepared: Prepared, *, isolating: bool) -> None:
    """Commit the batch, and then have the context absorb it."""
    with atomic():
        context.check_lease()
        context.writer.begin()
        outcome = _carry_out(context, prepared, isolating=isolating)
        if context.keeps_secrets:
            _forget_secrets(context, outcome)
        context.ledger.keep(outcome.rows.first, outcome.changed)
        context.ledger.record(outcome)
        send_on_commit(context, outcome)
    context.absorb(outcome)


def _forget_secrets(context: Context, outcome: Outcome) -> None:
    """Forget the secrets of rows that took effect. A dry run's come back with its rollback."""
    first = outcome.rows.first
    failed = {each.index for each in outcome.failures}
    sealed.forget(context.import_, range(first, first + len(outcome.rows)), but=failed)


def _carry_out(context: Context, prepared: Prepared, *, isolating: bool) -> Outcome:
    """Carry out the batch, and stop where more rows have failed than allowed.

    Each step can find failures; once there are too many, the later steps are skipped.
    """
    rows, drafts = prepared
    _check_limit(context, rows)
    if drafts is not None:
        written = write(context, drafts, isolating=isolating)
        return _outcome(context, rows, drafts, written, [], {})
    each = [*rows]
    known: Known = {}
    early = look_up(context, each, known)
    _check_limit(context, rows)
    drafts, written = write_rows(context, [*each, *early], isolating=isolating)
    return _outcome(context, rows, drafts, written, early, known)


def _outcome(  # noqa: PLR0913, PLR0917  (what each step has found)
    context: Context,
    rows: Rows,
    drafts: Sequence[Draft],
    written: Written,
    early: Sequence[Row],
    known: Known,
) -> Outcome:
    ahead = split_off(early, written) if early else {}
    if context.early:
        credit(context.early, written)
    stops = _check_limit(context, rows)
    failed = [rows[place] for place in rows.failed]
    records = [written.ids.get(rows.first + place) for place in range(len(rows))]
    kept = examine(context, failed, known) if failed else Kept()
    failures = failures_of(context.schema, failed)
    notices = notices_of(context, rows, drafts, written)
    changes = counts_with(context.import_, written, failures, notices)
    rows_done = changes["processed_count"] + changes["errors_count"]
    is_last = rows_done == context.import_.inputs_size and not context.import_.cleanup_records
    move = Move.COMPLETE if is_last else Move.ADVANCE
    return Outcome(
        rows=rows,
        records=records,
        failures=failures,
        notices=notices,
        kept=kept,
        changed=written.changes,
        changes=changes | suspects.cleared(context.import_, rows_done),
        move=Move.INTERRUPT if stops else move,
        new=written.new,
        same=written.same,
        early=ahead,
    )


class StopsEarlier(Exception):
    """The import stops before the last row of the batch.

    Attributes:
        size: the number of rows of the batch up to and including the one at which it stops.
    """

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def _check_limit(context: Context, rows: Rows) -> bool:
    """Return whether the last row is one failure too many, so that the import stops after it.

    Raise StopsEarlier if a row before it is.
    """
    if context.errors_allowed is None:
        return False
    left = context.errors_allowed - context.import_.errors_count
    failed = rows.failed
    if len(failed) <= left:
        return False
    size = failed[left] + 1
    if size < len(rows):
        raise StopsEarlier(size)
    return True
