"""Values of records as JSON has them."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from types import NoneType
from typing import Any

from django.db.models.fields.files import FieldFile
from django.utils.duration import duration_iso_string

from imports_app.models.moments import exact_utc, utc
from imports_app.ranges import is_range_value, shown_range

AS_THEY_ARE = frozenset({str, int, bool, NoneType, dict})


def shown(value: Any) -> Any:
    """Return the value for JSON.

    What JSON has no form for becomes the text that a row could give; of a file it is the name.
    Nothing is opened or iterated: what a value refers to is nobody's to read here.
    """
    if type(value) in AS_THEY_ARE:
        return value
    for kind, form in FORMS.items():
        if isinstance(value, kind):
            return form(value)
    return shown_range(value, shown) if is_range_value(value) else str(value)


def exact(value: Any) -> Any:
    """Return the value as `shown`, but with all digits of its moments.

    A file says what a record has, so that an import of it changes nothing.
    """
    if isinstance(value, datetime):
        return exact_utc(value)
    if isinstance(value, (list, tuple)):
        return [exact(item) for item in value]
    return shown_range(value, exact) if is_range_value(value) else shown(value)


def _decimal(value: Decimal) -> str | None:
    """Return the decimal with all places of its field; a float would change them."""
    return f"{value:f}" if value.is_finite() else None


def _float(value: float) -> float | None:
    """Return the float, or null for infinity, which JSON lacks and a foreign table may have."""
    return value if isfinite(value) else None


def _file(value: FieldFile) -> str | None:
    return value.name or None


def _bytes(value: bytes | memoryview) -> str:
    return b64encode(value).decode()


def _list(values: list[Any] | tuple[Any, ...]) -> list[Any]:
    return [shown(value) for value in values]


# The first that fits counts: a datetime is a date too.
FORMS: Mapping[type | tuple[type, ...], Callable[[Any], Any]] = {
    datetime: utc,
    (date, time): lambda value: value.isoformat(),
    timedelta: duration_iso_string,
    Decimal: _decimal,
    float: _float,
    FieldFile: _file,
    (bytes, memoryview): _bytes,
    (list, tuple): _list,
}
