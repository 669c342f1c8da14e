"""The importer that a URL names."""

from imports_app.api.errors import standard_error
from imports_app.api.parameters import quoted
from imports_app.callers import Caller
from imports_app.exceptions import NotRegistered
from imports_app.importer import Importer
from imports_app.registry import importers


def importer_for(caller: Caller, resource_type: str) -> Importer:
    """Return the importer of that type, for whoever may have to do with it.

    Raises a 404, and the 403 for a caller that has other types.
    """
    importer = importer_or_404(resource_type)
    check_type(caller, resource_type)
    return importer


def check_type(caller: Caller, resource_type: str) -> None:
    """Raise the 403 of a caller that has other types."""
    if caller.types is not None and resource_type not in caller.types:
        raise standard_error(403, f"The resource type {quoted(resource_type)} is none of yours.")


def importer_or_404(resource_type: str) -> Importer:
    """Return the importer of that type; one that isn't registered is a 404."""
    try:
        return importers.get(resource_type)
    except NotRegistered as error:
        raise standard_error(404, str(error)) from None


def importers_of(caller: Caller) -> list[Importer]:
    """Return those that the caller has to do with, by name."""
    types = caller.types
    return [each for each in importers if types is None or each.resource_type in types]
