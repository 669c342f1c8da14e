"""Undoes an import for a client."""

from django.http import Http404

from imports_app.api.errors import standard_error, validation_error
from imports_app.api.imports.parents import not_admitted
from imports_app.approval import Approval
from imports_app.callers import Caller
from imports_app.engine.types import NotAdmitted
from imports_app.exceptions import (
    ChangesNotKept,
    ImportUnfinished,
    NothingToUndo,
    UndoneAlready,
)
from imports_app.models import Import
from imports_app.queue.idempotency import IdempotencyKey
from imports_app.undoing import undo_import


def undone(
    import_: Import,
    caller: Caller,
    key: IdempotencyKey | None,
    approval: Approval | None,
    *,
    dry_run: bool,
) -> Import:
    """Return the undo, an import that takes this one back. Raises ApiError."""
    try:
        return undo_import(
            import_=import_,
            caller=caller.key,
            created_by=caller.user,
            dry_run=dry_run,
            key=key,
            approval=approval,
        )
    except NotAdmitted as reason:
        raise not_admitted(reason.problem) from None
    except ImportUnfinished as reason:
        raise standard_error(423, str(reason)) from None
    except UndoneAlready as reason:
        raise standard_error(409, str(reason), meta={"undo": str(reason.undo_id)}) from None
    except (NothingToUndo, ChangesNotKept) as reason:
        raise validation_error("changes", "blank", str(reason), pointer="/data") from None
    except Import.DoesNotExist:  # deleted in the meantime
        raise Http404 from None
