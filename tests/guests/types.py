"""Importers of the guests. None is registered unless a test asks for it."""

from typing import ClassVar, Required, TypedDict

from imports_app.importer import Importer
from imports_app.models import Mode
from tests.guests.models import Route


class RouteRow(TypedDict, total=False):
    code: Required[str]
    mode: str
    cost: int | None


class RouteImporter(Importer):
    resource_type = "routes"
    model = Route
    mode = Mode.TEST
    key: ClassVar[tuple[str, ...]] = ("code", "mode")

    class Row(RouteRow, total=False):
        mode: Required[str]  # type: ignore[misc]  # other importers of routes may do without
