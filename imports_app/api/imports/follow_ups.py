"""Retries or undoes an import for a client: by a new import, which begins like any other."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404

from imports_app.api.errors import standard_error, validation_error
from imports_app.api.imports.parents import not_admitted
from imports_app.callers import Caller
from imports_app.engine.types import NotAdmitted
from imports_app.exceptions import (
    ChangesNotKept,
    ImportUnfinished,
    InputsPruned,
    NothingToRetry,
    NothingToUndo,
    RetriedAlready,
    SealBroken,
    UndoneAlready,
)
from imports_app.models import Import
from imports_app.queue.idempotency import IdempotencyKey
from imports_app.services.approval import Approval
from imports_app.services.retrying import AS_THEY_WERE, Mended, retry_import
from imports_app.services.undoing import undo_import


def retried(
    import_: Import,
    caller: Caller,
    key: IdempotencyKey | None,
    mended: Mended = AS_THEY_WERE,
    approval: Approval | None = None,
) -> Import:
    """Return the retry, which begins like any other import: its type and parent must exist.

    Raises InputsRefused for mended rows that stand for no failed row, and ApiError otherwise.
    """
    try:
        with _common_refusals():
            return retry_import(
                import_=import_,
                caller=caller.key,
                created_by=caller.user,
                key=key,
                mended=mended,
                approval=approval,
            )
    except RetriedAlready as reason:
        retry = {"retry": str(reason.retry_id)}
        raise standard_error(409, f"{reason} Retry that one.", meta=retry) from None
    except (NothingToRetry, InputsPruned, SealBroken) as reason:
        raise validation_error("inputs", "blank", str(reason), pointer="/data") from None


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
        with _common_refusals():
            return undo_import(
                import_=import_,
                caller=caller.key,
                created_by=caller.user,
                dry_run=dry_run,
                key=key,
                approval=approval,
            )
    except UndoneAlready as reason:
        raise standard_error(409, str(reason), meta={"undo": str(reason.undo_id)}) from None
    except (NothingToUndo, ChangesNotKept) as reason:
        raise validation_error("changes", "blank", str(reason), pointer="/data") from None


@contextmanager
def _common_refusals() -> Iterator[None]:
    """Within, what keeps an import from being followed up in either way is an ApiError."""
    try:
        yield
    except NotAdmitted as reason:
        raise not_admitted(reason.problem) from None
    except ImportUnfinished as reason:
        raise standard_error(423, str(reason)) from None
    except Import.DoesNotExist:  # deleted in the meantime
        raise Http404 from None
