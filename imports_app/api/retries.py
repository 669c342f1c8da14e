"""What a retry refuses."""

from django.contrib.auth.models import User
from django.http import Http404

from imports_app.api.errors import standard_error, validation_error
from imports_app.api.parents import parent_error, type_error
from imports_app.exceptions import (
    ImportUnfinished,
    InputsPruned,
    NothingToRetry,
    RetriedAlready,
    SealBroken,
)
from imports_app.idempotency import IdempotencyKey
from imports_app.models import ApiClient, Import
from imports_app.services import retry_import


def retried(
    import_: Import,
    client: ApiClient | None,
    key: IdempotencyKey | None,
    created_by: User | None = None,
) -> Import:
    """The retry, which begins as any other import: its type and its parent must be there."""
    if error := type_error(import_.resource_type, import_.mode, "/data"):
        raise error
    if error := parent_error(import_.resource_type, import_.parent_resource_id, import_.mode):
        raise error
    try:
        return retry_import(import_=import_, client=client, created_by=created_by, key=key)
    except ImportUnfinished:
        raise standard_error(
            423, "The import is not finished: only then it can be retried."
        ) from None
    except RetriedAlready as reason:
        detail = "The import has a retry already: retry that one."
        raise standard_error(409, detail, meta={"retry": str(reason.retry.pk)}) from None
    except (NothingToRetry, InputsPruned, SealBroken) as reason:
        raise validation_error("inputs", "blank", str(reason), pointer="/data") from None
    except Import.DoesNotExist:  # deleted in the meantime
        raise Http404 from None
