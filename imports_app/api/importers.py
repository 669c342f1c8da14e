"""The importer that a URL names."""

from rest_framework.request import Request

from imports_app.api.authentication import caller_of
from imports_app.api.errors import standard_error
from imports_app.api.parameters import quoted
from imports_app.exceptions import NotRegistered
from imports_app.importer import Importer
from imports_app.registry import importers


def importer_for(request: Request, resource_type: str) -> Importer:
    """Return the importer of that type, for whoever may have to do with it.

    Raises a 404, and the 403 for a caller that has other types.
    """
    importer = importer_or_404(resource_type)
    types = caller_of(request).types
    if types is not None and resource_type not in types:
        raise standard_error(403, f"The resource type {quoted(resource_type)} is none of yours.")
    return importer


def importer_or_404(resource_type: str) -> Importer:
    """Return the importer of that type; one that isn't registered is a 404."""
    try:
        return importers.get(resource_type)
    except NotRegistered as error:
        raise standard_error(404, str(error)) from None


def importers_of(request: Request) -> list[Importer]:
    """Return those that the caller has to do with, by name."""
    types = caller_of(request).types
    return [each for each in importers if types is None or each.resource_type in types]
