"""What is to be done for an import, one thing after the other."""

import gc

from imports_app.database import atomic
from imports_app.engine.applying import next_batch
from imports_app.engine.holding import Context
from imports_app.engine.running.cleanup import Cleanup
from imports_app.engine.running.undo import Undo
from imports_app.models.status import FINAL, Move


class Steps:
    """Does the next thing that is to be done for an import, in a transaction of its own."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.cleanup: Cleanup | None = None

    def __call__(self) -> bool:
        """Return whether the import is final now."""
        context, import_ = self.context, self.context.import_
        if import_.interrupt_requested:
            with atomic():
                context.ledger.move(Move.INTERRUPT, {})
            context.committed(Move.INTERRUPT, {})
        elif import_.is_undo:
            Undo(context).next_batch()
        elif context.rows_done < import_.inputs_size:
            self._next_batch()
        else:
            self.cleanup = self.cleanup or Cleanup(context)
            self.cleanup.next_batch()
        return import_.status in FINAL

    def _next_batch(self) -> None:
        """Thousands of rows are thousands of objects that all go at the batch's end.

        The garbage collector would look through them time and again, and find nothing.
        """
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            next_batch(self.context)
        finally:
            if was_enabled:
                gc.enable()
