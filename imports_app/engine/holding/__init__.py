"""What a worker holds while it carries out an import: the lease, the state, the ledger."""

from imports_app.engine.holding.context import Context
from imports_app.engine.holding.heartbeat import Heartbeat, beating
from imports_app.engine.holding.ledger import DatabaseLedger, WholeLedger
from imports_app.engine.holding.outcome import Kept, Outcome, counts_with

__all__ = [
    "Context",
    "DatabaseLedger",
    "Heartbeat",
    "Kept",
    "Outcome",
    "WholeLedger",
    "beating",
    "counts_with",
]
