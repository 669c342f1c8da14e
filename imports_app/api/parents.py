"""Whether an import may have the parent that it names."""

from typing import Any

from imports_app.api.errors import ApiError, validation_error
from imports_app.engine.schema import schema_for_model
from imports_app.ids import parse_id
from imports_app.registry import importers

PARENT = "parent_resource_id"


def parent_error(resource_type: Any, parent_id: Any, mode: str) -> ApiError | None:
    """The 422 for a parent that isn't there, in that mode; None for one that is, or for none.

    Takes the attributes as they were sent: what is wrong with them by themselves, and an unknown
    type, is reported elsewhere.
    """
    if not (isinstance(parent_id, str) and parent_id and isinstance(resource_type, str)):
        return None
    if resource_type not in importers:
        return None
    importer = importers.get(resource_type)
    if importer.parent is None:
        message = f"can't be given: {resource_type} have no parent"
        return validation_error(PARENT, "not_allowed", message, value=parent_id)
    target = schema_for_model(importer.relations[importer.parent].to)
    pk = parse_id(target.pk, parent_id)
    if pk is not None and target.records(mode).filter(pk=pk).exists():
        return None
    return validation_error(PARENT, "not_found", "must exist", value=parent_id)
