"""Ranges of numbers, days and moments: how rows give them and answers show them.

Their fields and values are those of PostgreSQL and its driver. A project may have neither, so they
are told by what they have, and nothing of theirs is imported.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, NoReturn

from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

LOWER, UPPER, BOUNDS, EMPTY = "lower", "upper", "bounds", "empty"
HALF_OPEN = "[)"
ALL_BOUNDS = [HALF_OPEN, "(]", "()", "[]"]
FORMAT = "range"


def is_range(field: Any) -> bool:
    """Return whether it is a field of ranges."""
    return hasattr(field, "base_field") and hasattr(field, "range_type")


def is_range_value(value: Any) -> bool:
    """Return whether it is a range as the driver has it."""
    return hasattr(value, "lower_inc") and hasattr(value, "isempty")


def shown_range(value: Any, end: Callable[[Any], Any]) -> dict[str, Any]:
    """Return the range as a row could give it, and `end` of what it begins and ends with."""
    if value.isempty:
        return {EMPTY: True}
    bounds = f"{'[' if value.lower_inc else '('}{']' if value.upper_inc else ')'}"
    return {LOWER: end(value.lower), UPPER: end(value.upper), BOUNDS: bounds}


@dataclass(frozen=True)
class RangeForm:
    """Has Pydantic make ranges of objects, in the one form in which PostgreSQL returns them.

    Attributes:
        field: the field that the range is for.
        end: the type of what it begins and ends with.
    """

    field: Any
    end: Any

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        end = core_schema.nullable_schema(handler.generate_schema(self.end))
        members = {
            LOWER: end,
            UPPER: end,
            BOUNDS: core_schema.literal_schema(ALL_BOUNDS),
            EMPTY: core_schema.literal_schema([True]),
        }
        given = core_schema.typed_dict_schema(
            {
                name: core_schema.typed_dict_field(member, required=False)
                for name, member in members.items()
            },
            extra_behavior="forbid",
        )
        return core_schema.no_info_after_validator_function(self._made, given)

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> Any:
        return {**handler(schema), "format": FORMAT}

    def _made(self, given: Mapping[str, Any]) -> Any:
        if EMPTY in given:
            if len(given) > 1:
                _refuse("has other members than empty")
            return self.field.range_type(empty=True)
        if given.keys().isdisjoint((LOWER, UPPER)):
            _refuse("needs lower, upper or both; null leaves an end open")
        lower, upper = given.get(LOWER), given.get(UPPER)
        if lower is not None and upper is not None and lower > upper:
            _refuse("ends before it begins")
        bounds = given.get(BOUNDS, getattr(self.field, "default_bounds", HALF_OPEN))
        if (after := _successor(self.field.base_field)) is not None:
            lower = after(lower) if bounds[0] == "(" and lower is not None else lower
            upper = after(upper) if bounds[1] == "]" and upper is not None else upper
            bounds = HALF_OPEN
        return self._canonical(lower, upper, bounds)

    def _canonical(self, lower: Any, upper: Any, bounds: str) -> Any:
        """Return the range with the bounds that PostgreSQL gives it."""
        if lower is None or upper is None:
            first = "(" if lower is None else bounds[0]
            last = ")" if upper is None else bounds[1]
            return self.field.range_type(lower, upper, first + last)
        if lower > upper or (lower == upper and bounds != "[]"):
            return self.field.range_type(empty=True)
        return self.field.range_type(lower, upper, bounds)


def _successor(base: Any) -> Callable[[Any], Any] | None:
    """Return what tells the value after another; None if there is always one in between."""
    if isinstance(base, models.IntegerField):
        ranges = BaseDatabaseOperations.integer_field_ranges
        _, greatest = ranges.get(base.get_internal_type(), (None, None))
        return partial(_after, step=1, greatest=greatest)
    if isinstance(base, models.DateField) and not isinstance(base, models.DateTimeField):
        return partial(_after, step=timedelta(days=1), greatest=date.max)
    return None


def _after(value: Any, *, step: Any, greatest: Any) -> Any:
    if value == greatest:
        _refuse("ends with the last value that there is; null leaves an end open")
    return value + step


def _refuse(message: str) -> NoReturn:
    raise PydanticCustomError("invalid_range", "{message}", {"message": message})
