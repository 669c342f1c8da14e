"""What is to be done for an import, one thing after the other."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

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
        with _uncollected():
            self._next()
        return self.context.import_.status in FINAL

    def _next(self) -> None:
        context, import_ = self.context, self.context.import_
        if import_.interrupt_requested:
            with atomic():
                context.ledger.move(Move.INTERRUPT, {})
            context.committed(Move.INTERRUPT, {})
        elif import_.is_undo:
            Undo(context).next_batch()
        elif context.rows_done < import_.inputs_size:
            next_batch(context)
        else:
            self.cleanup = self.cleanup or Cleanup(context)
            self.cleanup.next_batch()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector away from a transaction.

    Thousands of rows are thousands of objects that all go at its end. The collector would look
    through them time and again, and find nothing.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
