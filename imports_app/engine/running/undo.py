"""Takes an import back: from its last transaction to its first, one of them at a time."""

from collections import Counter
from typing import Any

from imports_app.database import atomic
from imports_app.engine.holding import Context
from imports_app.engine.running.reverting import LEFT, Reversal
from imports_app.exceptions import CannotContinue
from imports_app.models import KeptChanges
from imports_app.models.status import Move
from imports_app.storage.changes import opened
from imports_app.storage.groups import Action

GONE = "the changes of the import to undo are no longer kept"


class Undo:
    """The work of an import that takes another one back."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def next_batch(self) -> None:
        """Take back what one transaction did, and commit; completes the import with the last.

        Raises LeaseLost, as a batch of rows does.
        """
        context = self.context
        with atomic():
            context.check_lease()
            context.writer.begin()
            kept = self._left()
            row = kept[0]
            reversal = Reversal(context)
            for group in reversed(opened(row)):
                reversal.take_back(group)
            changes = self._changes(reversal, row)
            move = Move.ADVANCE if len(kept) > 1 else self._last_move(changes)
            context.ledger.keep(context.rows_done, reversal.groups)
            context.ledger.move(move, changes, reversal.notices)
        context.committed(move, changes)

    def _left(self) -> list[KeptChanges]:
        """Return the last transaction that is not taken back, and the one before, if there is."""
        import_ = self.context.import_
        kept = KeptChanges.objects.filter(bulk_import=import_.undo_of_id)
        if (cursor := import_.cleanup_cursor) is not None:
            kept = kept.filter(number__lt=int(cursor))
        left = list(kept.order_by("-number")[:2])
        if not left:
            raise CannotContinue(GONE)
        return left

    def _last_move(self, changes: dict[str, Any]) -> Move:
        """Complete it, unless something was pruned meanwhile."""
        if changes["processed_count"] != self.context.import_.inputs_size:
            raise CannotContinue(GONE)
        return Move.COMPLETE

    def _changes(self, reversal: Reversal, row: KeptChanges) -> dict[str, Any]:
        import_, counts = self.context.import_, reversal.counts
        unchanged = counts[LEFT] + counts[Action.DESTROYED]
        return {
            "created_count": import_.created_count + counts[Action.CREATED],
            "updated_count": import_.updated_count + counts[Action.UPDATED],
            "unchanged_count": import_.unchanged_count + unchanged,
            "processed_count": import_.processed_count + Counter(counts).total(),
            "destroyed_count": import_.destroyed_count + counts[Action.DESTROYED],
            "warnings_count": import_.warnings_count + len(reversal.notices),
            "cleanup_cursor": str(row.number),
            "attempts": 0,
        }
