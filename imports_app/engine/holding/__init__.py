"""What a worker holds while it carries an import out: its lease, its state, its ledger."""

from imports_app.engine.holding.context import Context
from imports_app.engine.holding.heartbeat import Heartbeat, beating
from imports_app.engine.holding.ledger import DryLedger, Transition
from imports_app.engine.holding.outcome import Kept, Outcome

__all__ = [
    "Context",
    "DryLedger",
    "Heartbeat",
    "Kept",
    "Outcome",
    "Transition",
    "beating",
]
