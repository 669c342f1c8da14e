"""Check that an import would still do what its check found, a dry run that somebody looked at."""

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b

import msgspec

from imports_app.database import atomic, roll_back
from imports_app.engine.holding import Context, WholeLedger
from imports_app.engine.running.later_changes import comparable, different
from imports_app.engine.running.single_transaction import Stopped
from imports_app.engine.running.steps import Steps
from imports_app.exceptions import CannotContinue, SealBroken
from imports_app.models import Import
from imports_app.storage import changes
from imports_app.storage.groups import Action, Group
from imports_app.storage.images import values_of

HALF = 8  # bytes of a mark that say which record it is, and as many that say what becomes of it
DIFFERS = "{count:,} record{s} differ{verb} from what the check found, so nothing was imported"
GONE = "the results of the check are no longer kept, so nothing can be compared with them"


def compare(context: Context, stop: Callable[[], bool]) -> None:
    """Go through the import as a dry run would; raise CannotContinue if it comes to something else
    than its check did: other records, or other values that they have before.

    Nothing of it stays; the context is used up. Raises Stopped.
    """
    import_, check = context.import_, context.import_.check_of
    if check is None:
        raise CannotContinue(GONE)
    import_.dry_run = import_.keep_changes = True
    context.ledger = ledger = WholeLedger(import_.pk)
    end = check.processed_count + check.errors_count
    with atomic():
        steps = Steps(context)
        while not steps():
            if stop():
                raise Stopped
        changes.store(ledger.kept)
        now = set(_marks(import_, end))
        roll_back()
    try:
        found = set(_marks(check, end))
    except SealBroken as reason:
        raise CannotContinue(GONE) from reason
    if count := len({mark[:HALF] for mark in found ^ now}):
        ending = {"s": "s", "verb": ""} if count > 1 else {"s": "", "verb": "s"}
        raise CannotContinue(DIFFERS.format(count=count, **ending))


def _marks(import_: Import, end: int) -> Iterator[bytes]:
    """Yield a mark for each record that would be touched: which it is, and what it is like now.

    Rows from `end` on were not looked at.
    """
    for groups in changes.transactions(import_):
        for group in groups:
            for place, state in enumerate(_states(group)):
                index, model = group.indexes[place], group.model
                if index is None or index < end:
                    # The id of a record that would be created is another one each time.
                    is_new = group.action is Action.CREATED
                    own = group.keys[place] if is_new else group.pks[place]
                    yield _digest([index, model, own]) + _digest([group.action, state])


def _states(group: Group) -> Iterable[object]:
    """Return the values that each record has before, as far as they would change."""
    if group.action is Action.TAGGED:
        return group.before
    if group.action is Action.CREATED:
        return [None] * len(group)
    model = group.model_class
    before, after = group.states(range(len(group)))
    if group.action is Action.DESTROYED:
        after = [values_of(model())] * len(group)
    return [
        {name: comparable(old[name]) for name in different(model, old, new)}
        for old, new in zip(before, after, strict=True)
    ]


def _digest(value: object) -> bytes:
    return blake2b(msgspec.json.encode(value, enc_hook=str), digest_size=HALF).digest()
