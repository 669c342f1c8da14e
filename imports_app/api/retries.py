"""What a retry refuses."""

from django.http import Http404

from imports_app.api.errors import standard_error, validation_error
from imports_app.api.parents import parent_error
from imports_app.exceptions import ImportUnfinished, InputsPruned, NothingToRetry
from imports_app.idempotency import IdempotencyKey
from imports_app.models import ApiClient, Import
from imports_app.registry import importers
from imports_app.services import retry_import


def retried(import_: Import, client: ApiClient, key: IdempotencyKey | None) -> Import:
    """The retry, which begins as any other import: its type and its parent must be there."""
    if import_.resource_type not in importers:
        message = "is not a known resource type"
        raise validation_error(
            "resource_type", "inclusion", message, value=import_.resource_type, pointer="/data"
        )
    if error := parent_error(import_.resource_type, import_.parent_resource_id, import_.mode):
        raise error
    try:
        return retry_import(import_=import_, client=client, key=key)
    except ImportUnfinished:
        raise standard_error(
            423, "The import is not finished: only then it can be retried."
        ) from None
    except (NothingToRetry, InputsPruned) as reason:
        raise validation_error("inputs", "blank", str(reason), pointer="/data") from None
    except Import.DoesNotExist:  # deleted in the meantime
        raise Http404 from None
