"""What a retry refuses."""

from django.http import Http404

from imports_app.api.errors import standard_error, validation_error
from imports_app.api.imports.parents import not_admitted
from imports_app.approval import Approval
from imports_app.callers import Caller
from imports_app.engine.types import NotAdmitted
from imports_app.exceptions import (
    ImportUnfinished,
    InputsPruned,
    NothingToRetry,
    RetriedAlready,
    SealBroken,
)
from imports_app.models import Import
from imports_app.queue.idempotency import IdempotencyKey
from imports_app.retrying import AS_THEY_WERE, Mended, retry_import


def retried(
    import_: Import,
    caller: Caller,
    key: IdempotencyKey | None,
    mended: Mended = AS_THEY_WERE,
    approval: Approval | None = None,
) -> Import:
    """Return the retry, which begins as any other import: its type and its parent must be there.

    Raises InputsRefused for rows that stand for none that failed.
    """
    try:
        return retry_import(
            import_=import_,
            caller=caller.key,
            created_by=caller.user,
            key=key,
            mended=mended,
            approval=approval,
        )
    except NotAdmitted as reason:
        raise not_admitted(reason.problem) from None
    except ImportUnfinished:
        raise standard_error(423, "Only a finished import can be retried.") from None
    except RetriedAlready as reason:
        detail = "The import has a retry already: retry that one."
        raise standard_error(409, detail, meta={"retry": str(reason.retry_id)}) from None
    except (NothingToRetry, InputsPruned, SealBroken) as reason:
        raise validation_error("inputs", "blank", str(reason), pointer="/data") from None
    except Import.DoesNotExist:  # deleted in the meantime
        raise Http404 from None
