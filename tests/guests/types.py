"""Importers of the guests. None is registered unless a test asks for it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Literal, Required, TypedDict
from uuid import UUID

from imports_app.importer import Derivation, Importer, Relation
from imports_app.models import Mode
from tests.guests.models import Basket, Bin, Depot, Manual, Parcel, Route, Sample, Truck


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


class DepotImporter(Importer):
    resource_type = "depots"
    model = Depot
    key = ("name",)
    children = {"bins": "depot"}

    class Row(TypedDict, total=False):
        name: Required[str]
        zone: str
        code: str | None


class BinImporter(Importer):
    resource_type = "bins"
    model = Bin
    key = ("number", "depot")
    parent = "depot"
    relations = {"depot": Relation(Depot, required=True, by="code")}

    class Row(TypedDict, total=False):
        number: Required[int]
        label: str | None


class TruckImporter(Importer):
    resource_type = "trucks"
    model = Truck
    key = ("plate",)
    relations = {"depot": Relation(Depot, makes=True)}

    class Row(TypedDict, total=False):
        plate: Required[str]


class ManualImporter(Importer):
    resource_type = "manuals"
    model = Manual
    key = ("title",)

    class Row(TypedDict, total=False):
        title: Required[str]
        file: str | None
        cover: str


class SampleImporter(Importer):
    resource_type = "samples"
    model = Sample
    key = ("name",)

    class Row(TypedDict, total=False):
        name: Required[str]
        small: int | None
        positive_small: int | None
        integer: int | None
        positive: int | None
        big: int | None
        positive_big: int | None
        price: Decimal | None
        share: Decimal | None
        number: int | float | None
        text: Literal["short", "longer"] | None
        slug: str | None
        limited: int | None
        coded: str | None
        day: date | None
        moment: datetime | None
        hour: time | None
        duration: timedelta | None
        token: UUID | None
        address: str | None
        address_4: str | None
        data: Any


class BasketImporter(Importer):
    resource_type = "baskets"
    model = Basket
    key = ("name",)

    class Row(TypedDict, total=False):
        name: Required[str]
        colours: list[str | None] | None


class ParcelImporter(Importer):
    """Writes into the record what the row has in `_put`, whatever that is."""

    resource_type = "parcels"
    model = Parcel
    key = ("name",)
    relations = {"depot": Relation(Depot, makes=True)}

    class Row(TypedDict, total=False):
        name: Required[str]
        story: str | None
        picky: str | None
        _put: dict[str, Any]

    def derive(self, rows: Sequence[Derivation]) -> None:
        for row in rows:
            row.fields.update(row.instructions.get("_put", {}))
