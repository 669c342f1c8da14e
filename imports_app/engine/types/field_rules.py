"""What a model's field can hold: the same on every database, and checked before the database is.

SQLite accepts numbers beyond a column's range, text beyond its length, and decimals with too many
places; PostgreSQL refuses some of these and rounds others.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import PureWindowsPath
from typing import Any, Literal, TypeAlias, get_args, get_origin

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.utils import validate_file_name
from django.core.validators import RegexValidator
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations
from django.utils import timezone
from django.utils.duration import duration_microseconds
from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from imports_app.engine.types.decimals import is_number, refusal_of, takes_decimals
from imports_app.engine.types.validators import declared_limits, refuse
from imports_app.ranges import is_range

AnyField: TypeAlias = "models.Field[Any, Any]"
Check: TypeAlias = Callable[[AnyField, Any], Any]

DAY = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]00:00(?::00(?:\.0{1,6})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
INTERVAL_BITS = 64  # for microseconds: the size of SQLite's column


def rules_before(field: AnyField, base: Any) -> list[Any]:
    """Return the validators that Pydantic applies before it converts a row's value to `base`."""
    if isinstance(field, models.DecimalField) and takes_decimals(base):
        return [BeforeValidator(_number)]
    return [BeforeValidator(_day)] if base is date else []


def rules_after(field: AnyField, base: Any) -> list[Any]:
    """Return the validators that Pydantic applies once the value is of the type `base`."""
    if is_range(field):
        return []  # the ends have validators of their own
    is_choice = get_origin(base) is Literal
    if is_choice and not any(problem_of(field, value) for value in get_args(base)):
        return []  # every choice has just been checked
    checks = [check for check in _checks(field) if check is not PLAIN.get(base)]
    return [AfterValidator(partial(check, field)) for check in checks]


def problem_of(field: AnyField, value: Any) -> tuple[str, str] | None:
    """Return why the field can't hold a value that code has computed, as code and message."""
    if value is None or field.is_relation:
        return None
    try:
        value = field.to_python(value)
        for check in _checks(field):
            value = check(field, value)
    except ValidationError as error:
        return error.code or "invalid", " ".join(error.messages)
    except PydanticCustomError as error:
        return error.type, error.message()
    except (ArithmeticError, TypeError, ValueError):
        return "invalid", "is not of the form that its column takes"
    return None


def integer_range(field: AnyField) -> tuple[int | None, int | None]:
    """Return the least and the greatest integer that the field holds on every database."""
    return BaseDatabaseOperations.integer_field_ranges.get(field.get_internal_type(), (None, None))


def integer_limits(field: AnyField) -> tuple[int | None, int | None]:
    """Return the least and the greatest integer that the field holds and its validators accept."""
    low, high = integer_range(field)
    least, greatest = declared_limits(field)
    lows, highs = [*least, low], [*greatest, high]
    return (
        max((n for n in lows if n is not None), default=None),
        min((n for n in highs if n is not None), default=None),
    )


def _checks(field: AnyField) -> list[Check]:
    if hasattr(field, "base_field") and hasattr(field, "size"):  # an array's
        return [_items]
    if is_range(field):
        return [_ends]
    return [check for kind, check in CHECKS.items() if isinstance(field, kind)]


def _day(value: Any) -> Any:
    """Return the day that the text names, perhaps with midnight, as spreadsheets write it."""
    match = DAY.fullmatch(value) if isinstance(value, str) else None
    with suppress(ValueError):  # validation will report it
        return date.fromisoformat(match[1]) if match else value
    return value


def _number(value: Any) -> Decimal:
    """Return the number. Refuse some texts that Decimal accepts: `1_000`, `NaN`, other scripts."""
    if isinstance(value, Decimal):
        return value
    text = value.strip() if isinstance(value, str) else str(value)
    if not is_number(text):
        refuse("not_a_number", "is not a number")
    return Decimal(text)


def _decimal(field: Any, value: Any) -> Any:
    if isinstance(value, Decimal | int) and (refusal := refusal_of(field, Decimal(value))):
        refuse(*refusal)
    return value


def _float(_: AnyField, value: Any) -> Any:
    if not isinstance(value, int):
        return value
    try:
        return float(value)
    except OverflowError:
        refuse("not_a_number", "is not a finite number")


def _integer(field: AnyField, value: Any) -> Any:
    low, high = integer_range(field)
    if isinstance(value, int) and low is not None and value < low:
        refuse("greater_than_or_equal_to", f"must be greater than or equal to {low}")
    if isinstance(value, int) and high is not None and value > high:
        refuse("less_than_or_equal_to", f"must be less than or equal to {high}")
    return value


def _text(field: AnyField, value: Any) -> Any:
    longest = field.max_length
    if isinstance(value, str) and longest is not None and len(value) > longest:
        refuse("too_long", f"is too long (maximum is {longest} characters)")
    return value


def _moment(_: AnyField, value: Any) -> Any:
    """Return the moment in UTC. In the years 1 and 9999 that may be out of range."""
    if not isinstance(value, datetime):
        return value
    if not settings.USE_TZ:
        return timezone.make_naive(value) if value.tzinfo else value
    if value.tzinfo is None:
        raise PydanticCustomError("timezone_aware", "needs an offset from UTC")
    try:
        return value.astimezone(UTC)
    except (OverflowError, ValueError):
        refuse("out_of_range", "is out of range")


def _time(_: AnyField, value: Any) -> Any:
    if isinstance(value, time) and value.tzinfo is not None:
        refuse("invalid_time", "must be a time without an offset from UTC")
    return value


def _duration(_: AnyField, value: Any) -> Any:
    if isinstance(value, timedelta) and abs(duration_microseconds(value)) >= 2 ** (
        INTERVAL_BITS - 1
    ):
        refuse("out_of_range", "is out of range")
    return value


def _address(field: Any, value: Any) -> Any:
    """Return the address in the form in which PostgreSQL returns it."""
    try:
        for validate in (validate_no_zone, *field.default_validators):
            validate(value)
        return field.to_python(value)
    except ValidationError:
        refuse("invalid", "is not a valid IP address")


# A zone (`%eth0`) means something only on the host where the address was found.
validate_no_zone = RegexValidator("%", inverse_match=True)


def _file(_: AnyField, value: Any) -> Any:
    """Return a file's name, or an empty one. Refuse names outside of the storage's folder, on any
    operating system.
    """
    try:
        if value:
            validate_file_name(value, allow_relative_path=True)
    except SuspiciousFileOperation:
        value = None
    if value is None or PureWindowsPath(value).drive:
        refuse("invalid", "is not the name of a file in the storage's folder")
    return value


def _items(field: Any, value: Any) -> Any:
    if not isinstance(value, list):
        return value
    if field.size is not None and len(value) > field.size:
        refuse("too_many", f"has too many items (maximum is {field.size})")
    return [_item(field.base_field, n, item) for n, item in enumerate(value)]


def _ends(field: Any, value: Any) -> Any:
    """Check the range that code has computed."""
    for end in (value.lower, value.upper):
        for check in _checks(field.base_field) if end is not None else ():
            check(field.base_field, end)
    return value


def _item(field: AnyField, place: int, item: Any) -> Any:
    try:
        for check in _checks(field) if item is not None else ():
            item = check(field, item)
    except PydanticCustomError as error:
        refuse(error.type, f"[{place}] {error.message()}")
    return item


CHECKS: Mapping[type[AnyField], Check] = {
    models.CharField: _text,
    models.TextField: _text,
    models.IntegerField: _integer,
    models.DecimalField: _decimal,
    models.FloatField: _float,
    models.DateTimeField: _moment,
    models.TimeField: _time,
    models.DurationField: _duration,
    models.GenericIPAddressField: _address,
    models.FileField: _file,
}
# The checks that Pydantic does itself, and much faster, for these types.
PLAIN: Mapping[Any, Check] = {str: _text, int: _integer, float: _float}
