"""Writes the rows of a batch, in turn where they could meet, and isolates what is refused."""

from collections.abc import Sequence
from itertools import groupby

from django.db import DataError, Error, IntegrityError, transaction

from imports_app.engine.context import Context
from imports_app.engine.messages import MUST_EXIST
from imports_app.engine.plan import Draft, draft, steps
from imports_app.engine.refusal import explain
from imports_app.engine.row_type import ID
from imports_app.engine.rows import Row
from imports_app.engine.writers import Written
from imports_app.importer import RowError

REFUSALS = (IntegrityError, DataError)


def write(context: Context, rows: Sequence[Row], *, careful: bool) -> Written:
    """Creates and updates the records of the rows without errors; adds errors to those that fail.

    With `careful` every write gets a savepoint, and what the database refuses is halved until the
    row stands alone; without, the refusal is raised and the transaction is lost.
    """
    written = Written()
    drafts = draft(context.schema, rows, mode=context.mode)
    for step in steps(context.schema, drafts, mode=context.mode):
        for group in _by_match(step):
            _write(context, group, written, careful=careful)
    for made in written.incomplete:
        made.row.errors.extend(made.missing or [RowError(ID, *MUST_EXIST)])
    return written


def _by_match(drafts: Sequence[Draft]) -> list[list[Draft]]:
    ordered = sorted(drafts, key=lambda made: made.match.value)
    return [list(group) for _, group in groupby(ordered, key=lambda made: made.match)]


def _write(context: Context, drafts: Sequence[Draft], written: Written, *, careful: bool) -> None:
    if not careful:
        written.add(context.writer.write(drafts))
        return
    try:
        with transaction.atomic():
            result = context.writer.write(drafts)
    except REFUSALS as error:
        _isolate(context, drafts, written, error)
    else:
        written.add(result)


def _isolate(context: Context, drafts: Sequence[Draft], written: Written, error: Error) -> None:
    """Finds the row that the database refuses; the others take effect, in their order."""
    if len(drafts) == 1:
        drafts[0].row.errors.extend(explain(context.schema, error))
        return
    middle = len(drafts) // 2
    _write(context, drafts[:middle], written, careful=True)
    _write(context, drafts[middle:], written, careful=True)
