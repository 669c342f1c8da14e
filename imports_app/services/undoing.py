"""Undo an import: check that it can be undone, and create the import that does it."""

from typing import Any

from django.contrib.auth.models import User

from imports_app.engine.types import NotAdmitted, dry_run_problem
from imports_app.exceptions import (
    ChangesNotKept,
    KeyTaken,
    NothingToUndo,
    UndoneAlready,
)
from imports_app.models import Import
from imports_app.models.status import ACTIVE, Status
from imports_app.permissions import check_undo
from imports_app.queue.idempotency import IdempotencyKey, transaction_under
from imports_app.services.approval import Approval
from imports_app.services.in_process import eagerly
from imports_app.services.lifecycle import check_final, queue_import
from imports_app.storage import changes


@eagerly
def undo_import(  # noqa: PLR0913  (who asks, under which key, and who approved)
    *,
    import_: Import,
    caller: str | None = None,
    created_by: User | None = None,
    dry_run: bool = False,
    key: IdempotencyKey | None = None,
    approval: Approval | None = None,
) -> Import:
    """Create an import that reverts the changes of a final one.

    Raises NotAdmitted if its type went away since, or a dry run would take too long,
    ImportUnfinished, UndoneAlready, NothingToUndo, ChangesNotKept, Import.DoesNotExist if it is
    gone by now, and what create_import raises.
    """
    with transaction_under(key):
        first = Import.objects.select_for_update().get(pk=import_.pk)
        check_final(first, None)
        if undo := standing_undo(first):
            is_same = key is not None and undo.idempotency_key == key.key
            raise KeyTaken if is_same else UndoneAlready(undo.pk)
        check_undo(first, created_by, destroys=changes.destroys(first))
        undo = _undo_of(first, dry_run=dry_run, inputs_size=_size(first, dry_run=dry_run))
        undo.caller, undo.created_by = caller, created_by
        queue_import(undo, (), (), key, approval)
    return undo


def _undo_of(import_: Import, **attributes: Any) -> Import:
    return Import(
        mode=import_.mode,
        resource_type=import_.resource_type,
        undo_of=import_,
        is_undo=True,
        keep_changes=import_.keep_changes,
        cleanup_records=True,  # it takes its turn as one that destroys
        **attributes,
    )


def standing_undo(import_: Import) -> Import | None:
    """Return the undo of the import that is under way, or took effect and is not undone itself."""
    for undo in import_.undos.filter(dry_run=False):
        if undo.status in ACTIVE or (undo.status == Status.COMPLETED and not _is_undone(undo)):
            return undo
    return None


def _is_undone(import_: Import) -> bool:
    done = import_.undos.filter(dry_run=False, status=Status.COMPLETED)
    return any(not _is_undone(undo) for undo in done)


def _size(import_: Import, *, dry_run: bool) -> int:
    """Return how many changes there are to take back. Raises NotAdmitted if a dry run would take
    too long.
    """
    if import_.dry_run:
        raise NothingToUndo
    if size := changes.count(import_):
        if dry_run and (problem := dry_run_problem(size)):
            raise NotAdmitted(problem)
        return size
    touched = import_.created_count + import_.updated_count + import_.destroyed_count
    raise ChangesNotKept if touched else NothingToUndo
