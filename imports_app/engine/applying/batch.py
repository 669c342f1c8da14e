"""A batch: some consecutive rows, carried out in one transaction with their counts and log."""

from collections.abc import Sequence

from django.db import transaction

from imports_app.engine.applying import limit, suspects, together
from imports_app.engine.applying.failed import examine
from imports_app.engine.applying.hashed import hash_ahead
from imports_app.engine.applying.ignored import ignored_columns
from imports_app.engine.applying.making import Maker
from imports_app.engine.applying.refused import REFUSALS
from imports_app.engine.applying.renaming import renamed
from imports_app.engine.applying.repeats import repeats
from imports_app.engine.applying.writing import write
from imports_app.engine.holding import Context, Kept, Outcome, Transition
from imports_app.engine.planning import Draft, Prepared, draft, prepare, resolve_relations
from imports_app.engine.reading import Row, failure
from imports_app.queue import transitions
from imports_app.storage import sealed


def next_batch(context: Context) -> None:
    """Carries out the rows behind those done, as far as their chunk goes, and commits them.

    Raises LeaseLost when somebody else owns the import by now, and django.db.Error when the
    transaction failed. Nothing is left of it in either case.
    """
    start = context.import_.rows_done
    expected = context.ahead.take(start)
    chunk, prepared = expected.chunk, expected.prepared
    left = chunk.first_row + chunk.rows - start
    size, careful = suspects.batch_size(context.import_, left), False
    suspects.count_attempt(context, chunk, size)
    if size < left:
        size = together.whole(context, chunk, start, size)
    context.ahead.expect(start + size)
    context.hashes.clear()
    while True:
        # Outside of the transaction: that stays short, for on SQLite it keeps others from writing.
        if prepared is None or len(prepared.rows) != size:
            prepared = prepare(context.schema, context.import_, chunk, start, size)
        hash_ahead(context, prepared.rows)
        try:
            return _commit(context, prepared, careful=careful)
        except limit.StopsEarlier as stop:
            size = stop.size
        except REFUSALS:
            if careful:
                raise
            careful = True
        prepared = None


def _commit(context: Context, prepared: Prepared, *, careful: bool) -> None:
    """The transaction. The context learns of it once it is committed."""
    with transaction.atomic():
        context.check_lease()
        context.writer.begin()
        outcome = _carry_out(context, prepared, careful=careful)
        context.ledger.log(outcome.failures, outcome.notices)
        context.ledger.remember(outcome)
        _forget_secrets(context, outcome)
        rows_done = context.import_.rows_done + len(prepared.rows)
        changes = outcome.counts(context.import_) | suspects.cleared(context.import_, rows_done)
        context.move(_transition(context, outcome, rows_done), changes)
    context.committed(changes)
    records = outcome.written.records
    context.met.update(zip(records.values(), records.keys(), strict=True))
    context.said.update(notice.message for notice in outcome.notices if notice.index is None)
    context.kept.update(outcome.kept.records)
    context.unmatched += outcome.kept.unmatched
    context.growth.settle()


def _forget_secrets(context: Context, outcome: Outcome) -> None:
    """Those of rows that took effect. A dry run's come back with its rollback."""
    first = outcome.rows[0].index
    failed = {each.index for each in outcome.failures}
    sealed.forget(context.import_, range(first, first + len(outcome.rows)), but=failed)


def _carry_out(context: Context, prepared: Prepared, *, careful: bool) -> Outcome:
    """Every step can find failures; once they are one too many the later ones are in vain."""
    rows, drafts = prepared
    limit.check(context, rows)
    maker = Maker(context, careful=careful)
    if drafts is None:
        drafts = _look_up(context, maker, rows)
    written = write(context, drafts, careful=careful)
    maker.discard()
    limit.check(context, rows)
    failed = [row for row in rows if row.errors]
    kept = examine(context, failed) if failed else Kept()
    return Outcome(
        rows=rows,
        written=written,
        failures=[failure(context.schema, row) for row in failed],
        notices=[
            *ignored_columns(context, rows),
            *renamed(context, drafts),
            *repeats(context, rows, written.records),
        ],
        kept=kept,
        stops=limit.stops_after(context, rows) is not None,
    )


def _look_up(context: Context, maker: Maker, rows: Sequence[Row]) -> Sequence[Draft]:
    """Drafts of rows that name other records, which are looked up or made."""
    resolve_relations(context.schema, rows, mode=context.mode, parent=context.parent)
    limit.check(context, rows)
    maker.make(rows)
    return draft(context.schema, rows, mode=context.mode)


def _transition(context: Context, outcome: Outcome, rows_done: int) -> Transition:
    if outcome.stops:
        return transitions.interrupt
    if rows_done == context.import_.inputs_size and not context.import_.cleanup_records:
        return transitions.complete
    return transitions.advance
