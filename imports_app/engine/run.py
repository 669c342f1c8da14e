"""Works on an import for a time slice."""

from collections.abc import Callable
from time import monotonic

from django.db import transaction

from imports_app import transitions
from imports_app.conf import conf
from imports_app.engine.batch import next_batch
from imports_app.engine.cleanup import Cleanup
from imports_app.engine.context import Context
from imports_app.exceptions import CannotContinue, LeaseLost
from imports_app.models import Import
from imports_app.scheduling import Lease


def run_slice(lease: Lease, *, stop: Callable[[], bool] = lambda: False) -> bool:
    """Works on the import until it is final, the time slice is over or `stop` says so.

    Returns whether it is final.

    The lease is given back at the end, so that any worker may go on. Whoever lost it has left no
    trace and just leaves. Raises django.db.Error when a batch failed; the lease then runs out.
    """
    end = monotonic() + conf.slice_seconds
    try:
        context = Context(Import.objects.get(pk=lease.import_id), lease.token)
        step = _Steps(context)
        while not (finished := step()):
            if monotonic() >= end or stop():
                transitions.release(*lease)
                break
    except CannotContinue as reason:
        return transitions.interrupt(*lease, {"interruption": str(reason)})
    except (LeaseLost, Import.DoesNotExist):
        return False
    return finished


class _Steps:
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
            next_batch(self.context)
        else:
            self.cleanup = self.cleanup or Cleanup(self.context)
            self.cleanup.next_batch()
        return self.context.finished

    def _interrupt(self) -> None:
        with transaction.atomic():
            self.context.move(transitions.interrupt, {})
