"""Compare an attribute's type with the types that its field can hold."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from django.db import models

from imports_app.ranges import is_range

# Only fields for which no other check of the row would notice a wrong type.
TYPES: "Mapping[type[models.Field[Any, Any]], tuple[type, ...]]" = {
    models.BinaryField: (bytes,),
    models.BooleanField: (bool,),
    models.CharField: (str,),
    models.DateField: (date,),
    models.DateTimeField: (datetime,),
    models.DecimalField: (Decimal, int),
    models.DurationField: (timedelta,),
    models.FileField: (str,),
    models.FloatField: (float, int),
    models.GenericIPAddressField: (str,),
    models.IntegerField: (int,),
    models.TextField: (str,),
    models.TimeField: (time,),
    models.UUIDField: (UUID,),
}


def fits(field: Any, hint: Any) -> bool:
    """Return whether every value of that type can be stored in the field, as far as can be told."""
    expected = expected_types(field)
    return not expected or all(_is_one(base, expected) for base in _bases(hint))


def expected_types(field: Any) -> tuple[type, ...]:
    """Return the types for attributes in a field of that kind; none if any may do."""
    if is_range(field):
        return (field.range_type,)
    return next((TYPES[kind] for kind in type(field).__mro__ if kind in TYPES), ())


def _is_one(base: type, expected: tuple[type, ...]) -> bool:
    """Return whether the class is one of those; a bool is an int in Python, not in a database."""
    return issubclass(base, expected) and (base is not bool or bool in expected)


def _bases(hint: Any) -> Iterator[type]:
    """Yield the classes of which the type's values are; none for what only Pydantic understands."""
    origin = get_origin(hint)
    if origin is Annotated:
        yield from _bases(get_args(hint)[0])
    elif origin in (Union, UnionType):
        for part in get_args(hint):
            yield from _bases(part)
    elif origin is Literal:
        yield from (type(value) for value in get_args(hint) if value is not None)
    elif isinstance(origin or hint, type) and hint is not NoneType:
        yield origin or hint
