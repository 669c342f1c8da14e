"""Works on an import for a time slice."""

import logging
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

from django.db import Error

from imports_app.conf import conf
from imports_app.database import connection
from imports_app.engine.applying import forgive_suspects, narrow_suspects
from imports_app.engine.holding import Context, Heartbeat, beating
from imports_app.engine.running.comparing import compare
from imports_app.engine.running.single_transaction import COUNTS, Stopped, carry_out_whole
from imports_app.engine.running.steps import Steps
from imports_app.engine.writers import load_and_set_clock
from imports_app.exceptions import CannotContinue, LeaseLost
from imports_app.models import Import
from imports_app.models.status import Move, Status
from imports_app.outages.database_errors import (
    is_broken,
    is_of_database,
    passes_by_itself,
    reason_of,
)
from imports_app.queue import transitions
from imports_app.queue.scheduling import Lease
from imports_app.telemetry import metrics
from imports_app.telemetry.logs import logging_context

logger = logging.getLogger(__name__)

RETRY_DELAYS = (0.1, 0.4, 1.6)
REFUSED = "the database refuses it"


def run_slice(lease: Lease, *, stop: Callable[[], bool] = lambda: False) -> bool:
    """Work on the import until it is final, the time slice is over or `stop` says so.

    Returns whether it is final. The lease is given back at the end, so that any worker may go on.
    Whoever lost it has left no trace and just leaves. Raises django.db.Error when the database
    stays in trouble; a sweep brings the import back.
    """
    with logging_context(
        import_id=lease.import_id,
        mode=lease.mode,
        resource_type=lease.resource_type,
        client=lease.caller,
    ):
        return _worked(lease, stop)


def _worked(lease: Lease, stop: Callable[[], bool]) -> bool:
    end = monotonic() + conf.slice_seconds
    work = _Work(lease, stop)
    try:
        with beating(lease) as heartbeat:
            work.begin()
            while not (finished := work.step(heartbeat)):
                if monotonic() >= end or stop():
                    transitions.release(lease.import_id, lease.token)
                    break
    except CannotContinue as reason:
        changes: dict[str, Any] = {"interruption": str(reason)}
        if work.import_ and work.import_.is_whole:
            changes |= dict.fromkeys(COUNTS, 0)  # of what was shown meanwhile nothing stays
        finished = transitions.move(lease.import_id, lease.token, Move.INTERRUPT, changes)
        if finished and (import_ := work.import_):
            about = import_.mode, import_.resource_type, Status.INTERRUPTED
            metrics.FINISHED.labels(*about).inc()
    except Stopped:
        transitions.release(lease.import_id, lease.token)
        return False
    except LeaseLost:
        if work.import_:
            metrics.LEASES_LOST.labels(work.import_.mode).inc()
        return False
    except Import.DoesNotExist:
        return False
    return finished


class _Work:
    """The import, step by step; after trouble it starts again from what the database says."""

    def __init__(self, lease: Lease, stop: Callable[[], bool]) -> None:
        self.lease = lease
        self.stop = stop
        self.import_: Import | None = None
        self.troubles = 0
        self.refusal = ""
        self.steps: Steps | None = None

    def begin(self) -> None:
        """Suspect what was in hand when the worker before this one died, if one did."""
        if self.lease.orphaned:
            narrow_suspects(self._load())

    def step(self, heartbeat: Heartbeat) -> bool:
        """Try to do the next thing; return whether the import is final now."""
        try:
            finished = self._next(heartbeat)
        except CannotContinue as reason:
            if self.refusal:
                raise CannotContinue(f"{reason}: {self.refusal}") from reason
            raise
        except (LeaseLost, Stopped, Import.DoesNotExist):
            raise
        except Exception as error:  # noqa: BLE001  (whatever a type's own code may raise)
            self._recover(error)
            return False
        self.troubles = 0
        return finished

    def _next(self, heartbeat: Heartbeat) -> bool:
        if self.steps is None:
            context = self._load()
            if self.troubles:
                forgive_suspects(context)
            if context.import_.compares and not context.rows_done:
                compare(context, self.stop)
                context = self._load()
            self.steps = Steps(context)
        context = self.steps.context
        import_ = context.import_
        if import_.is_whole:
            carry_out_whole(context, self.stop, heartbeat)
            metrics.FINISHED.labels(context.mode, import_.resource_type, import_.status).inc()
            return True
        before = {name: getattr(import_, f"{name}_count") for name in metrics.OUTCOMES}
        start = monotonic()
        finished = self.steps()
        done = {name: getattr(import_, f"{name}_count") - n for name, n in before.items()}
        final = import_.status if finished else ""
        metrics.count_batch(context.mode, import_.resource_type, done, monotonic() - start, final)
        return finished

    def _load(self) -> Context:
        """Raise CannotContinue if that fails for good: there is no row yet to be blamed."""
        self.import_ = import_ = load_and_set_clock(self.lease.import_id)
        try:
            return Context(import_, self.lease.token)
        except CannotContinue:
            raise
        except Exception as error:
            if passes_by_itself(error):
                raise
            logger.exception("Import %s can't be loaded.", self.lease.import_id)
            known = is_of_database(error)
            reason = (
                reason_of(error) if known else f"its resource type failed ({type(error).__name__})"
            )
            raise CannotContinue(f"{REFUSED}: {reason}" if known else reason) from error

    def _recover(self, error: Exception) -> None:
        """Raise CannotContinue where no try can do better."""
        if passes_by_itself(error):
            # The database is away, busy, full, or chose this transaction to break a deadlock.
            self._wait(error)
        elif is_broken(error):
            logger.error("Import %s can't go on.", self.lease.import_id, exc_info=error)
            raise CannotContinue(f"{REFUSED}: {reason_of(error)}") from error
        else:
            self.refusal = f"{REFUSED}: {reason_of(error)}" if is_of_database(error) else ""
            self._suspect(error)

    def _wait(self, error: Exception) -> None:
        """Back off before the next try; raise the error when there were too many."""
        if connection.in_atomic_block:  # somebody else's, which nothing can be tried again in
            raise error
        if self.troubles == len(RETRY_DELAYS):
            self._leave()
            raise error
        logger.warning("A batch of import %s will be tried again: %s", self.lease.import_id, error)
        connection.close()
        sleep(RETRY_DELAYS[self.troubles])
        self.troubles += 1
        self.steps = None

    def _leave(self) -> None:
        """Give the lease back, if that much is possible: no worker died, so no row is to blame."""
        try:
            connection.close()
            forgive_suspects(self._load())
            transitions.release(self.lease.import_id, self.lease.token)
        except Error:
            logger.warning(
                "The lease of import %s can't be given back, and has to run out.",
                self.lease.import_id,
            )

    def _suspect(self, error: Exception) -> None:
        """Narrow down the row that broke the code, as after the death of a worker."""
        logger.error(
            "A batch of import %s failed unexpectedly.", self.lease.import_id, exc_info=error
        )
        self.steps = None
        narrow_suspects(self._load())
