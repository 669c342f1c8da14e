"""Importers of tags."""

from typing import Annotated, Required

from pydantic import StringConstraints

from imports_app.commerce.importers.base import CommonRow
from imports_app.commerce.models import Tag
from imports_app.importer import Importer
from imports_app.registry import importers

TagName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$")]


@importers.register
class TagImporter(Importer):
    """Tags by name."""

    resource_type = "tags"
    model = Tag
    key = ("name",)

    class Row(CommonRow, total=False):
        """A tag."""

        name: Required[TagName]
