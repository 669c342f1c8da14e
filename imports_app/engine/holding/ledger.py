"""Where the outcome of an import's transactions is written down."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from django.utils import timezone

from imports_app.engine.holding.outcome import Outcome
from imports_app.engine.types import pack_ids
from imports_app.exceptions import LeaseLost
from imports_app.models import ImportBatch
from imports_app.queue import transitions
from imports_app.storage import log
from imports_app.storage.inserting import insert

Transition = Callable[[UUID, UUID, Mapping[str, Any]], bool]


class Ledger(Protocol):
    """Is told what each transaction came to, within it.

    Attributes:
        transition: the move that the last one ended with.
    """

    transition: Transition

    def log(self, failures: Sequence[log.Failure], notices: Sequence[log.Notice]) -> None:
        """Adds entries to the import's logs."""
        ...

    def remember(self, outcome: Outcome) -> None:
        """Keeps which records a batch met, for a worker that goes on from there."""
        ...

    def move(self, transition: Transition, changes: Mapping[str, Any]) -> None:
        """The last thing in each transaction: writes the import's changes. Raises LeaseLost."""
        ...


class DatabaseLedger:
    """Writes everything down as it happens, so that it commits with the records."""

    def __init__(self, import_id: UUID, token: UUID) -> None:
        self.import_id = import_id
        self.token = token
        self.transition: Transition = transitions.advance

    def log(self, failures: Sequence[log.Failure], notices: Sequence[log.Notice]) -> None:
        """See Ledger."""
        log.write(self.import_id, failures, notices)

    def remember(self, outcome: Outcome) -> None:
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
        insert(ImportBatch, tuple(batch), [tuple(batch.values())])

    def move(self, transition: Transition, changes: Mapping[str, Any]) -> None:
        """See Ledger."""
        if not transition(self.import_id, self.token, changes):
            raise LeaseLost
        self.transition = transition


class DryLedger:
    """Keeps everything in memory until the records of a dry run are rolled back."""

    def __init__(self) -> None:
        self.failures: list[log.Failure] = []
        self.notices: list[log.Notice] = []
        self.transition: Transition = transitions.advance
        self.changes: dict[str, Any] = {}

    def log(self, failures: Sequence[log.Failure], notices: Sequence[log.Notice]) -> None:
        """See Ledger."""
        self.failures.extend(failures)
        self.notices.extend(notices)

    def remember(self, outcome: Outcome) -> None:
        """Nothing: nobody goes on from the middle of a dry run."""

    def move(self, transition: Transition, changes: Mapping[str, Any]) -> None:
        """See Ledger; raises nothing, the lease is checked when it is written down."""
        self.transition = transition
        self.changes.update(changes)

    def write_to(self, ledger: Ledger) -> None:
        """Hands over all that was kept."""
        ledger.log(self.failures, self.notices)
        ledger.move(self.transition, self.changes)
