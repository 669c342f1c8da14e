"""How the rows of a request are to be read, and what they are to become."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from rest_framework.request import Request

from imports_app.api.authentication import Access
from imports_app.api.errors import ApiError, escaped, validation_error
from imports_app.api.importers import check_type
from imports_app.api.imports.parents import PARENT
from imports_app.api.permissions import require_scope
from imports_app.engine.reading import target_of
from imports_app.engine.types import schema_for
from imports_app.importer import Importer
from imports_app.inputs import FileOptions, OptionsRefused, Target
from imports_app.models.choices import Scope
from imports_app.registry import importers

FILE_OPTIONS = "file_options"


class Reading(NamedTuple):
    """How the rows of a request are to be read.

    Attributes:
        importer, target: what they are to become; None if the request names no registered type.
        errors: what is wrong with the options.
    """

    importer: Importer | None
    target: Target | None
    options: FileOptions
    errors: Sequence[ApiError]


def reading_of(request: Request, values: Mapping[str, Any]) -> Reading:
    """Return how to read the rows of a new import with these attributes.

    Raises a 403 if the type isn't one of the caller's, or if it may not clean up.
    """
    options, errors = read_options(values)
    if values.get("cleanup_records"):
        require_scope(request, Scope.CLEANUP)
    target = None
    importer = importers.find(values.get("resource_type"))
    if importer is not None:
        check_type(cast("Access", request.auth).caller, importer.resource_type)
        target = target_of(schema_for(importer), has_parent=bool(values.get(PARENT)))
    return Reading(importer, target, options, errors)


def read_options(values: Mapping[str, Any]) -> tuple[FileOptions, Sequence[ApiError]]:
    """Return the file options among the attributes' values, and their errors."""
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
