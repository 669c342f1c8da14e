"""Python values as the database driver takes them."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from django.db import models
from django.db.models import Field

from imports_app.database import connection, quote

Converter = Callable[[Any], Any]
Values = Sequence[Any]

# The driver takes the values of these as they are; a subclass may differ, so it isn't looked at.
AS_THEY_ARE = frozenset(
    {
        models.CharField,
        models.EmailField,
        models.SlugField,
        models.TextField,
        models.URLField,
        models.BigIntegerField,
        models.BooleanField,
        models.FloatField,
        models.IntegerField,
        models.PositiveBigIntegerField,
        models.PositiveIntegerField,
        models.PositiveSmallIntegerField,
        models.SmallIntegerField,
        models.AutoField,
        models.BigAutoField,
    }
)


@cache
def converter(field: "Field[Any, Any]") -> Converter | None:
    """Return what turns that field's values into the driver's; None where nothing need be done."""
    if isinstance(field, models.ForeignKey):
        return converter(field.target_field)
    if type(field) in AS_THEY_ARE:
        return None
    if is_json(field):
        return as_json
    if type(field) is models.UUIDField:
        return _uuid_converter(field)
    return lambda value: field.get_db_prep_save(value, connection)


def _uuid_converter(field: "Field[Any, Any]") -> Converter:
    """As Django's own, but quick with UUIDs: ids and foreign keys often are."""
    native = connection.features.has_native_uuid_field

    def convert(value: Any) -> Any:
        if type(value) is UUID:
            return value if native else value.hex
        return field.get_db_prep_save(value, connection)

    return convert


def values_of(field: "Field[Any, Any]", drafts: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return the field's values of drafts that all give it, as the driver takes them."""
    name = field.attname
    return in_column(field, [given[name] for given in drafts])


def in_column(field: "Field[Any, Any]", values: list[Any]) -> list[Any]:
    """Return values of the field as the driver takes them."""
    convert = converter(field)
    return values if convert is None else [*map(convert, values)]


def converted(field: "Field[Any, Any]", value: Any) -> Any:
    """Return the value as the driver takes it."""
    convert = converter(field)
    return value if convert is None else convert(value)


def each_converted(pairs: "Iterable[tuple[Field[Any, Any], Any]]") -> list[Any]:
    """Return the values of several fields as the driver takes them."""
    return [converted(field, value) for field, value in pairs]


def holds_already(field: "Field[Any, Any]", parameter: str) -> str:
    """SQLite's condition that the column holds the parameter; see same_json."""
    column = quote(field.column)
    same = f"{column} IS {parameter}"
    return f"({same} OR same_json({column}, {parameter}))" if is_json(field) else same


def is_json(field: "Field[Any, Any]") -> bool:
    """Return whether the column holds JSON as Django writes it; a subclass may write something
    else.
    """
    return type(field) is models.JSONField


def same_json(stored: str | None, new: str | None) -> bool:
    """Return whether two JSON texts mean the same; `new` is what the field's converter makes.

    Text written by others may differ in its blanks, escapes and order of members.
    """
    if stored == new or stored is None or new is None:
        return stored == new
    return as_json(_decoded(stored)) == new


def _decoded(text: str) -> Any:
    """Decode what others may have written: the standard library takes a few texts more."""
    try:
        return msgspec.json.decode(text)
    except msgspec.MsgspecError:
        return json.loads(text)


def as_json(value: Any) -> str | None:
    """Return the value as JSON text, None for no value at all."""
    if value is None:
        return None
    # Key order means nothing: sorting it makes equal values equal text where text is compared.
    return msgspec.json.encode(value, order="sorted").decode()
