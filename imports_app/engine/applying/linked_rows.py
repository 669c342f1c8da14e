"""Write rows that name other records, which have to be looked up, created or written first."""

from collections.abc import Sequence

from imports_app.engine.applying.early_rows import early_rows
from imports_app.engine.applying.targets import TargetCreator
from imports_app.engine.applying.writing import write
from imports_app.engine.holding import Context
from imports_app.engine.planning import (
    Draft,
    Known,
    draft,
    levels,
    resolve_awaited,
    resolve_relations,
)
from imports_app.engine.reading import Row
from imports_app.engine.writers import Written


def look_up(context: Context, rows: Sequence[Row], known: Known) -> Sequence[Row]:
    """Look up what the rows name; return the rows behind them that have to be written with them.

    What was found is `known` then.
    """
    schema, is_own = context.schema, bool(context.schema.own_links)
    resolve_relations(
        schema, rows, mode=context.mode, parent=context.parent, awaits=is_own, known=known
    )
    return early_rows(context, rows) if is_own else ()


def write_rows(
    context: Context, rows: Sequence[Row], *, isolating: bool
) -> tuple[Sequence[Draft], Written]:
    """Write the rows' records and what they make, those that others refer to first.

    Returns the drafts by rows, and what became of them. Errors as of `write`.
    """
    if not context.schema.own_links:
        return _write_level(context, rows, isolating=isolating)
    drafts: list[Draft] = []
    written = Written()
    for level in levels(context.schema, rows, mode=context.mode):
        # What they have waited for exists by now, or never will.
        resolve_awaited(context.schema, level, mode=context.mode)
        some, result = _write_level(context, level, isolating=isolating)
        drafts += some
        written.add(result)
    return sorted(drafts, key=lambda made: made.row.index), written


def _write_level(
    context: Context, rows: Sequence[Row], *, isolating: bool
) -> tuple[Sequence[Draft], Written]:
    creator = TargetCreator(context, isolating=isolating)
    creator.make(rows)
    drafts = draft(context.schema, rows, mode=context.mode)
    written = write(context, drafts, isolating=isolating)
    if creator.created:
        creator.discard(written.skipped)
        written.changes[:0] = creator.changes()
    return drafts, written
