"""What is to be done for an import, one thing after the other."""

from django.db import transaction

from imports_app.engine.applying import next_batch
from imports_app.engine.holding import Context
from imports_app.engine.running import collector
from imports_app.engine.running.cleanup import Cleanup
from imports_app.queue import transitions


class Steps:
    """Does the next thing that is to be done for an import, in a transaction of its own."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.cleanup: Cleanup | None = None

    def __call__(self) -> bool:
        """Returns whether the import is final now."""
        import_ = self.context.import_
        if import_.interrupt_requested:
            self._interrupt()
        elif import_.rows_done < import_.inputs_size:
            with collector.paused():
                next_batch(self.context)
        else:
            self.cleanup = self.cleanup or Cleanup(self.context)
            self.cleanup.next_batch()
        return self.context.finished

    def _interrupt(self) -> None:
        with transaction.atomic():
            self.context.move(transitions.interrupt, {})
