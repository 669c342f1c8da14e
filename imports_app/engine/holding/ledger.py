"""Where the outcome of an import's transactions is written down."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from django.utils import timezone

from imports_app.engine.holding.outcome import Outcome
from imports_app.engine.types import pack_ids
from imports_app.exceptions import LeaseLost
from imports_app.models import ImportBatch
from imports_app.models.status import Move
from imports_app.queue import transitions
from imports_app.storage import log
from imports_app.storage.inserting import insert


class Ledger(Protocol):
    """Is told what each transaction came to, within it."""

    def record(self, outcome: Outcome) -> None:
        """Keep what a batch of rows came to: its log, which records it met, and its move.

        The last thing in its transaction. Raise LeaseLost.
        """
        ...

    def move(
        self, move: Move, changes: Mapping[str, Any], notices: Sequence[log.Notice] = ()
    ) -> None:
        """Do the same for a transaction that goes through no rows. Raise LeaseLost."""
        ...


class DatabaseLedger:
    """Writes everything down as it happens, so that it commits with the records."""

    def __init__(self, import_id: UUID, token: UUID) -> None:
        self.import_id = import_id
        self.token = token

    def record(self, outcome: Outcome) -> None:
        """See Ledger."""
        batch = {
            "bulk_import_id": self.import_id,
            "first_row": outcome.rows[0].index,
            "rows": len(outcome.rows),
            "records": pack_ids(outcome.records),
            "kept": pack_ids(outcome.kept.records),
            "unmatched": outcome.kept.unmatched,
            "created_at": timezone.now(),
        }
        if outcome.failures or outcome.notices:
            log.write(self.import_id, outcome.failures, outcome.notices)
        insert(ImportBatch, tuple(batch), [tuple(batch.values())])
        if not transitions.move(self.import_id, self.token, outcome.move, outcome.changes):
            raise LeaseLost

    def move(
        self, move: Move, changes: Mapping[str, Any], notices: Sequence[log.Notice] = ()
    ) -> None:
        """See Ledger."""
        self.write(move, changes, (), notices)

    def write(
        self,
        move: Move,
        changes: Mapping[str, Any],
        failures: Sequence[log.Failure],
        notices: Sequence[log.Notice],
    ) -> None:
        """Write log entries and the import's changes. Raise LeaseLost."""
        if failures or notices:
            log.write(self.import_id, failures, notices)
        if not transitions.move(self.import_id, self.token, move, changes):
            raise LeaseLost


class DryLedger:
    """Keeps everything in memory until the records of a dry run are rolled back."""

    def __init__(self) -> None:
        self.failures: list[log.Failure] = []
        self.notices: list[log.Notice] = []
        self.changes: dict[str, Any] = {}
        self.last = Move.ADVANCE

    def record(self, outcome: Outcome) -> None:
        """See Ledger. Nobody goes on from the middle of a dry run: the records are not kept.

        Raises nothing: the lease is checked when everything is written down.
        """
        self.failures.extend(outcome.failures)
        self.move(outcome.move, outcome.changes, outcome.notices)

    def move(
        self, move: Move, changes: Mapping[str, Any], notices: Sequence[log.Notice] = ()
    ) -> None:
        """See Ledger."""
        self.notices.extend(notices)
        self.changes.update(changes)
        self.last = move

    def write_to(self, ledger: DatabaseLedger) -> None:
        """Hand over all that was kept. Raise LeaseLost."""
        ledger.write(self.last, self.changes, self.failures, self.notices)
