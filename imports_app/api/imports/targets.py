"""What the rows of a request are to become, and how they are to be read."""

from collections.abc import Mapping, Sequence
from typing import Any

from rest_framework.request import Request

from imports_app.api.errors import ApiError, escaped, validation_error
from imports_app.api.importers import importer_for
from imports_app.api.permissions import require_scope
from imports_app.engine import reading
from imports_app.engine.types import schema_for
from imports_app.inputs import FileOptions, OptionsRefused, Target
from imports_app.models.scopes import Scope
from imports_app.registry import importers

FILE_OPTIONS = "file_options"


def check_asked(request: Request, values: Mapping[str, Any]) -> None:
    """Raise the 403 of a caller that has nothing to do with the type, or may not clean up."""
    if values.get("cleanup_records"):
        require_scope(request, Scope.CLEANUP)
    name = values.get("resource_type")
    if name is not None and name in importers:
        importer_for(request, name)


def target_of(values: Mapping[str, Any]) -> Target | None:
    """Return what the attributes say of it; None where they name no type that there is."""
    name = values.get("resource_type")
    if name is None or name not in importers:
        return None
    has_parent = bool(values.get("parent_resource_id"))
    return reading.target_of(schema_for(importers.get(name)), has_parent=has_parent)


def read_options(values: Mapping[str, Any]) -> tuple[FileOptions, Sequence[ApiError]]:
    """Return the options among the attributes' values, or what is wrong with them."""
    try:
        return FileOptions.of(values.get(FILE_OPTIONS)), ()
    except OptionsRefused as refusal:
        errors = [
            validation_error(
                f"{FILE_OPTIONS}.{name}",
                "invalid",
                message,
                pointer=f"/data/attributes/{FILE_OPTIONS}/{escaped(name)}",
            )
            for name, message in refusal.faults.items()
        ]
        return FileOptions(), errors
