"""Looks up the importer that a URL names."""

from imports_app.api.errors import standard_error
from imports_app.api.parameters import OWN_TYPES, quoted
from imports_app.callers import Caller
from imports_app.exceptions import NotRegistered
from imports_app.importer import Importer
from imports_app.registry import importers


def importer_for(caller: Caller, resource_type: str) -> Importer:
    """Return the importer of that type. Raise a 404, or a 403 if it isn't one of the caller's."""
    importer = importer_or_404(resource_type)
    check_type(caller, resource_type)
    return importer


def check_type(caller: Caller, resource_type: str) -> None:
    """Raise a 403 unless the type is one of the caller's."""
    if caller.types is not None and resource_type not in caller.types:
        raise standard_error(403, f"You have no access to the type {quoted(resource_type)}.")


def importer_or_404(resource_type: str) -> Importer:
    """Return the importer of that type. Raise a 404 if it isn't registered."""
    try:
        return importers.get(resource_type)
    except NotRegistered:
        # Below a resource of the API's own there are other paths, and it isn't this one.
        detail = f"There is no resource type {quoted(resource_type)}."
        raise standard_error(404, None if resource_type in OWN_TYPES else detail) from None


def importers_of(caller: Caller) -> list[Importer]:
    """Return the importers of the caller's types, by name."""
    types = caller.types
    return [each for each in importers if types is None or each.resource_type in types]
