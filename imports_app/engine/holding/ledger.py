"""Record the outcomes of an import's transactions."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from django.utils import timezone

from imports_app.engine.holding.outcome import Outcome
from imports_app.engine.types import pack_early, pack_ids
from imports_app.exceptions import LeaseLost
from imports_app.models import ImportBatch
from imports_app.models.status import Move
from imports_app.queue import transitions
from imports_app.storage import changes as kept_changes
from imports_app.storage import log
from imports_app.storage.bulk_insert import insert
from imports_app.storage.groups import Group

BATCH = (
    "bulk_import_id",
    "first_row",
    "rows",
    "records",
    "kept",
    "unmatched",
    "early",
    "created_at",
)


class Ledger(Protocol):
    """Records the outcome of each transaction, within that transaction."""

    def keep(self, number: int, groups: Sequence[Group]) -> None:
        """Keep what a transaction changed; its number is higher than that of those before it."""
        ...

    def record(self, outcome: Outcome) -> None:
        """Record the outcome of a batch of rows: its log, its records, and its move.

        The last thing in its transaction. Raise LeaseLost.
        """
        ...

    def move(
        self, move: Move, changes: Mapping[str, Any], notices: Sequence[log.Notice] = ()
    ) -> None:
        """Do the same for a transaction that goes through no rows. Raise LeaseLost."""
        ...


class DatabaseLedger:
    """Writes everything at once, so that it commits with the records."""

    def __init__(self, import_id: UUID, token: UUID) -> None:
        self.import_id = import_id
        self.token = token

    def keep(self, number: int, groups: Sequence[Group]) -> None:
        """See Ledger."""
        if groups:
            kept_changes.store([kept_changes.packed(self.import_id, number, groups)])

    def record(self, outcome: Outcome) -> None:
        """See Ledger."""
        batch = _batch(self.import_id, outcome)
        if outcome.failures or outcome.notices:
            log.write(self.import_id, outcome.failures, outcome.notices)
        insert(ImportBatch, BATCH, [batch])
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


class WholeLedger:
    """Keeps everything in memory until it is clear whether the records stay.

    Written earlier, it would lock the import's row, and others would wait for it until the end.
    """

    def __init__(self, import_id: UUID) -> None:
        self.import_id = import_id
        self.batches: list[tuple[Any, ...]] = []
        self.kept: list[kept_changes.Kept] = []
        self.failures: list[log.Failure] = []
        self.notices: list[log.Notice] = []
        self.changes: dict[str, Any] = {}
        self.last = Move.ADVANCE

    def keep(self, number: int, groups: Sequence[Group]) -> None:
        """See Ledger."""
        if groups:
            self.kept.append(kept_changes.packed(self.import_id, number, groups))

    def record(self, outcome: Outcome) -> None:
        """See Ledger. Raises nothing: the lease is checked when everything is written down."""
        self.batches.append(_batch(self.import_id, outcome))
        self.failures.extend(outcome.failures)
        self.move(outcome.move, outcome.changes, outcome.notices)

    def move(
        self, move: Move, changes: Mapping[str, Any], notices: Sequence[log.Notice] = ()
    ) -> None:
        """See Ledger."""
        self.notices.extend(notices)
        self.changes.update(changes)
        self.last = move

    def take_back(self, changes: Mapping[str, Any]) -> None:
        """Let the import end interrupted, without records; only its log stays."""
        self.batches.clear()
        self.kept.clear()
        self.move(Move.INTERRUPT, changes)

    def write_to(self, ledger: DatabaseLedger) -> None:
        """Hand over all that was kept. Raise LeaseLost."""
        insert(ImportBatch, BATCH, self.batches)
        kept_changes.store(self.kept)
        ledger.write(self.last, self.changes, self.failures, self.notices)


def _batch(import_id: UUID, outcome: Outcome) -> tuple[Any, ...]:
    """Return what is kept of a batch: the values of BATCH."""
    return (
        import_id,
        outcome.rows.first,
        len(outcome.records),
        pack_ids(outcome.records),
        pack_ids(outcome.kept.records),
        outcome.kept.unmatched,
        pack_early(outcome.early),
        timezone.now(),
    )
