"""A dry run: the whole import in one transaction, of which only the counts and logs stay."""

from collections.abc import Callable

from django.db import transaction

from imports_app.engine.holding import Context, DatabaseLedger, DryLedger, Heartbeat
from imports_app.engine.running.steps import Steps
from imports_app.models import Import
from imports_app.models.status import Move

COUNTS = tuple(
    field.name for field in Import._meta.concrete_fields if field.name.endswith("_count")
)


class Stopped(Exception):
    """The worker was asked to end; a dry run starts over."""


def rehearse(context: Context, stop: Callable[[], bool], heartbeat: Heartbeat) -> None:
    """Goes through all of it, rolls the records back, and writes down what would have happened.

    It can't be cut into time slices: what a later row builds on would be gone. Raises Stopped,
    and LeaseLost as every transaction does; nothing is left of it then but the counts that the
    heartbeat has shown meanwhile, which the next try doesn't go by.
    """
    context.committed(Move.ADVANCE, dict.fromkeys(COUNTS, 0))
    written_down = DatabaseLedger(context.import_.pk, context.token)
    context.ledger = dry = DryLedger()
    with transaction.atomic():
        with transaction.atomic():
            steps = Steps(context)
            while not steps():
                if stop():
                    raise Stopped
                heartbeat.show({name: getattr(context.import_, name) for name in COUNTS})
            transaction.set_rollback(True)
        dry.write_to(written_down)
