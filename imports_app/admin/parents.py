"""A link to the record that an import's rows belong to."""

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from imports_app.models import Import
from imports_app.registry import importers


def parent_link(import_: Import) -> str:
    """Return its id, linked to its page if it has one; a dash for none. Needs no query."""
    parent_id = import_.parent_resource_id
    if not parent_id:
        return "-"
    address = _address(import_.resource_type, parent_id)
    return format_html("<a href='{}'>{}</a>", address, parent_id) if address else parent_id


def _address(resource_type: str, parent_id: str) -> str | None:
    importer = importers.find(resource_type)
    if importer is None or importer.parent is None:
        return None
    opts = importer.relations[importer.parent].to._meta
    try:
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[parent_id])
    except NoReverseMatch:
        return None
