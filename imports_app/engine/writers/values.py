"""Python values as the database driver takes them."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models import Field

Converter = Callable[[Any], Any]

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


def quote(name: str | None) -> str:
    """A table's or column's name as SQL has it."""
    return str(connection.ops.quote_name(name or ""))


@cache
def converter(field: Field[Any, Any]) -> Converter | None:
    """What turns that field's values into the driver's; None where nothing need be done."""
    if isinstance(field, models.ForeignKey):
        return converter(field.target_field)
    if type(field) in AS_THEY_ARE:
        return None
    if type(field) is models.JSONField:
        return _json
    return lambda value: field.get_db_prep_save(value, connection)


def _json(value: Any) -> str | None:
    # Key order means nothing: sorting it makes equal values equal text where text is compared.
    return None if value is None else json.dumps(value, sort_keys=True, ensure_ascii=False)
