"""An import in one transaction: a dry run, which is rolled back, or one of all rows or none."""

from collections.abc import Callable
from typing import Any

from imports_app.database import atomic, roll_back
from imports_app.engine.holding import Context, DatabaseLedger, Heartbeat, WholeLedger
from imports_app.engine.running.steps import Steps
from imports_app.models import Import
from imports_app.models.status import Move

COUNTS = tuple(
    field.name for field in Import._meta.concrete_fields if field.name.endswith("_count")
)
# What did not happen where nothing stays; the rows that failed did fail.
UNDONE = [name for name in COUNTS if name not in ("errors_count", "warnings_count")]
FAILED = "nothing was imported: {failed:,} of {size:,} rows failed"


class Stopped(Exception):
    """The worker was asked to end; an import in one transaction starts over."""


def carry_out_whole(context: Context, stop: Callable[[], bool], heartbeat: Heartbeat) -> None:
    """Go through all of it, keep the records or roll them back, and write down what happened.

    It can't be cut into time slices: what a later row builds on would be gone. Raises Stopped,
    and LeaseLost as every transaction does; nothing is left of it then but the counts that the
    heartbeat has shown meanwhile, which the next try doesn't go by.
    """
    import_ = context.import_
    context.committed(Move.ADVANCE, dict.fromkeys(COUNTS, 0))
    written_down = DatabaseLedger(import_.pk, context.token)
    context.ledger = ledger = WholeLedger(import_.pk)
    with atomic():
        with atomic():
            steps = Steps(context)
            while not _failed(context) and not steps():
                if stop():
                    raise Stopped
                heartbeat.show({name: getattr(import_, name) for name in COUNTS})
            is_done = ledger.last is Move.COMPLETE and not _failed(context)
            if import_.dry_run or not is_done:
                roll_back()
        if import_.dry_run:
            ledger.batches.clear()
        if import_.all_or_nothing and not is_done:
            _take_back(context, ledger)
        ledger.write_to(written_down)


def _failed(context: Context) -> bool:
    """Return whether every row was gone through, and nothing may stay of it because of some."""
    import_ = context.import_
    is_through = context.rows_done == import_.inputs_size
    return import_.all_or_nothing and is_through and import_.errors_count > 0


def _take_back(context: Context, ledger: WholeLedger) -> None:
    """Let the counts say that nothing was written."""
    import_ = context.import_
    changes: dict[str, Any] = dict.fromkeys(UNDONE, 0) | {"cleanup_cursor": None, "doomed_keys": []}
    if _failed(context):
        counted = {"failed": import_.errors_count, "size": import_.inputs_size}
        changes["interruption"] = FAILED.format(**counted)
    ledger.take_back(changes)
    context.committed(Move.INTERRUPT, changes)
