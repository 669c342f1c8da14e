"""The importer that a URL names."""

from imports_app.api.errors import standard_error
from imports_app.exceptions import NotRegistered
from imports_app.importer import Importer
from imports_app.registry import importers


def importer_or_404(resource_type: str) -> Importer:
    """Return the importer of that type; one that isn't registered is a 404."""
    try:
        return importers.get(resource_type)
    except NotRegistered as error:
        raise standard_error(404, str(error)) from None
