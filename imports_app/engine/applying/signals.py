"""Send signals about what a batch wrote, once it is committed."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from imports_app.database import on_commit
from imports_app.engine.holding import Context, Outcome
from imports_app.engine.types import expand
from imports_app.importer import Importer
from imports_app.signals import rows_written


def send_on_commit(context: Context, outcome: Outcome) -> None:
    """Send the signals on commit; called in the batch's transaction. None after a rollback."""
    model, importer = context.schema.model, context.schema.importer
    is_heard = rows_written.has_listeners(model)
    has_hook = type(importer).after_commit is not Importer.after_commit
    if not is_heard and not has_hook:
        return
    ids = _by_outcome(outcome)
    if is_heard:
        send = partial(rows_written.send_robust, model, import_id=context.import_.pk, **ids)
        on_commit(send)
    changed = [*dict.fromkeys([*ids["created"], *ids["updated"]])]
    if has_hook and changed:
        on_commit(partial(importer.after_commit, changed))


def _by_outcome(outcome: Outcome) -> Mapping[str, Sequence[Any]]:
    ids: dict[str, dict[Any, None]] = {"created": {}, "updated": {}, "unchanged": {}}
    for index, pk in enumerate(outcome.records, outcome.rows.first):
        if pk is None:
            continue
        kind = "created" if index in outcome.new else "updated"
        ids["unchanged" if index in outcome.same else kind][expand(pk)] = None
    return {name: [*found] for name, found in ids.items()}
