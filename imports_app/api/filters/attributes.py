"""The attributes that a listing can be filtered and sorted by."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, Self

from django.db import models
from django.db.models.constants import LOOKUP_SEP


class Kind(Enum):
    """How an attribute compares. The value is its name in error messages."""

    ADDRESS = "an IP address"
    BOOLEAN = "a boolean"
    DATE = "a date"
    DATETIME = "a datetime"
    DECIMAL = "a decimal number"
    DURATION = "an ISO 8601 duration"
    FLOAT = "a number"
    INTEGER = "an integer"
    JSON = "a JSON value"
    STRING = "a string"
    TIME = "a time of day without an offset"
    UUID = "an id"


# The first that fits counts: a DateTimeField is a DateField too.
KINDS: "tuple[tuple[type[models.Field[Any, Any]], Kind], ...]" = (
    (models.BooleanField, Kind.BOOLEAN),
    (models.DateTimeField, Kind.DATETIME),
    (models.DateField, Kind.DATE),
    (models.DecimalField, Kind.DECIMAL),
    (models.DurationField, Kind.DURATION),
    (models.FloatField, Kind.FLOAT),
    (models.GenericIPAddressField, Kind.ADDRESS),
    (models.IntegerField, Kind.INTEGER),
    (models.JSONField, Kind.JSON),
    (models.TimeField, Kind.TIME),
    (models.UUIDField, Kind.UUID),
    (models.CharField, Kind.STRING),
    (models.FileField, Kind.STRING),
    (models.TextField, Kind.STRING),
)
# Their order, if any, is the database's own: SQLite would sort addresses as texts.
UNORDERED = frozenset({Kind.ADDRESS, Kind.JSON})


@dataclass(frozen=True)
class FilterAttribute:
    """An attribute of a view's `filter_attributes`.

    Attributes:
        path: its ORM path, such as `sku__code`.
        field: the field that holds its value; for a foreign key, the field that it points to.
        nullable: whether it can be NULL, because of its own field or a relation on its path.
        many: whether a record may have several of it.
    """

    path: str
    field: "models.Field[Any, Any]"
    kind: Kind
    sortable: bool
    nullable: bool
    many: bool = False

    @classmethod
    def of(cls, model: type[models.Model], path: str, *, sortable: bool = True) -> Self:
        """Return the attribute at that path, which may lead through relations.

        Neither JSON nor addresses are sortable. Raises TypeError for a field whose values don't
        compare.
        """
        fields = _fields(model, path)
        field = _target(fields[-1])
        kind = next((kind for base, kind in KINDS if isinstance(field, base)), None)
        if kind is None:
            raise TypeError(f"{field} can't be filtered by")
        return cls(
            path=path,
            field=field,
            kind=kind,
            sortable=sortable and kind not in UNORDERED,
            nullable=any(field.null or field.many_to_many for field in fields),
            many=any(field.many_to_many for field in fields),
        )


def _target(field: "models.Field[Any, Any]") -> "models.Field[Any, Any]":
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field.output_field or field if isinstance(field, models.GeneratedField) else field


def _fields(model: type[models.Model], path: str) -> "list[models.Field[Any, Any]]":
    """Return the fields along the path; `pk` is the primary key's name."""
    found: list[models.Field[Any, Any]] = []
    for name in path.split(LOOKUP_SEP):
        options = (found[-1].related_model if found else model)._meta  # type: ignore[union-attr]
        found.append(options.pk if name == "pk" else options.get_field(name))  # type: ignore[arg-type]
    return found
