"""A batch: some consecutive rows, carried out in one transaction with their counts and log."""

from collections.abc import Sequence

from django.db import transaction

from imports_app import transitions
from imports_app.engine import limit, relations, suspects
from imports_app.engine.context import Context
from imports_app.engine.failed import examine
from imports_app.engine.hashed import hash_ahead
from imports_app.engine.ignored import ignored_columns
from imports_app.engine.ledger import Transition
from imports_app.engine.making import Maker
from imports_app.engine.outcome import Kept, Outcome
from imports_app.engine.repeats import repeats
from imports_app.engine.rows import Row, failure
from imports_app.engine.writing import REFUSALS, write


def next_batch(context: Context) -> None:
    """Carries out the rows behind those done, as far as their chunk goes, and commits them.

    Raises LeaseLost when somebody else owns the import by now, and django.db.Error when the
    transaction failed. Nothing is left of it in either case.
    """
    start = context.import_.rows_done
    chunk, read_ahead = context.ahead.take(start)
    left = chunk.first_row + chunk.rows - start
    size, careful = suspects.batch_size(context.import_, left), False
    suspects.count_attempt(context, size)
    context.ahead.expect(start + size)
    context.hashes.clear()
    while True:
        # Outside of the transaction: that stays short, for on SQLite it keeps others from writing.
        # What was read ahead serves once, since a try that failed has left its marks on the rows.
        rows = read_ahead if len(read_ahead) == size else context.ahead.read(chunk, start, size)
        read_ahead = ()
        hash_ahead(context, rows)
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
        outcome = _carry_out(context, rows, careful=careful)
        context.ledger.log(outcome.failures, outcome.notices)
        context.ledger.remember(outcome)
        rows_done = context.import_.rows_done + len(rows)
        changes = outcome.counts(context.import_) | suspects.cleared(context.import_, rows_done)
        context.move(_transition(context, outcome, rows_done), changes)
    context.committed(changes)
    context.met.update((pk, index) for index, pk in outcome.written.records.items())
    context.said.update(notice.message for notice in outcome.notices if notice.index is None)
    context.kept.update(outcome.kept.records)
    context.unmatched += outcome.kept.unmatched
    context.growth.settle()


def _carry_out(context: Context, rows: Sequence[Row], *, careful: bool) -> Outcome:
    """Every step can find failures; once they are one too many the later ones are in vain."""
    limit.check(context, rows)
    relations.resolve(context.schema, rows, mode=context.mode, parent=context.parent)
    limit.check(context, rows)
    maker = Maker(context)
    maker.make(rows)
    written = write(context, rows, careful=careful)
    maker.discard()
    limit.check(context, rows)
    failed = [row for row in rows if row.errors]
    kept = examine(context, failed) if failed else Kept()
    return Outcome(
        rows=rows,
        written=written,
        failures=[failure(context.schema, row) for row in failed],
        notices=[*ignored_columns(context, rows), *repeats(context, rows, written.records)],
        kept=kept,
        stops=limit.stops_after(context, rows) is not None,
    )


def _transition(context: Context, outcome: Outcome, rows_done: int) -> Transition:
    if outcome.stops:
        return transitions.interrupt
    if rows_done == context.import_.inputs_size and not context.import_.cleanup_records:
        return transitions.complete
    return transitions.advance
