"""Matchers that compare an attribute with the values of a filter."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import Q

from imports_app.api.filters.attributes import FilterAttribute, Kind
from imports_app.api.filters.values import InvalidValue, parse

MILLISECOND = timedelta(milliseconds=1)
# Lookups that search every position of a text, which may have a megabyte.
ANYWHERE = frozenset({"icontains", "iendswith", "matches"})
MAX_PATTERN = 255  # characters


@dataclass(frozen=True)
class Comparison:
    """A matcher that compares.

    Attributes:
        lookup: the ORM's name for the comparison.
        kinds: the kinds of attributes that it applies to.
        quantifier: how many of the listed values have to match; None if it takes no list.
        or_null: whether NULL matches, too. Otherwise it never does, even if `negated`.
    """

    lookup: str
    kinds: frozenset[Kind]
    negated: bool = False
    quantifier: Literal["any", "all"] | None = None
    or_null: bool = False

    def values(self, text: str) -> list[str]:
        """Return the filter's values: those between commas if the matcher takes a list."""
        return text.split(",") if self.quantifier or self.lookup == "in" else [text]

    def condition(self, attribute: FilterAttribute, texts: list[str]) -> Q:
        """Return the condition for records that match. Raises InvalidValue."""
        values = [self._value(attribute, text) for text in texts]
        tests = [self._test(attribute, value) for value in self._operands(values)]
        condition = Q(*tests, _connector=Q.OR if self.quantifier == "any" else Q.AND)
        if not attribute.nullable:
            return condition
        if self.or_null:
            return condition | Q((f"{attribute.path}__isnull", True))
        return condition & Q((f"{attribute.path}__isnull", False))

    def _operands(self, values: list[Any]) -> list[Any]:
        return [values] if self.lookup == "in" else values

    def _value(self, attribute: FilterAttribute, text: str) -> Any:
        trailing = len(text) - len(text.rstrip("\\"))
        if self.lookup == "matches" and trailing % 2:
            raise InvalidValue("ends with a backslash that escapes nothing")
        if self.lookup in ANYWHERE and len(text) > MAX_PATTERN:
            raise InvalidValue(f"is too long (maximum is {MAX_PATTERN} characters)")
        return parse(attribute, text)

    def _test(self, attribute: FilterAttribute, value: Any) -> Q:
        if attribute.kind is Kind.DATETIME:
            test = _by_the_millisecond(attribute.path, self.lookup, value)
        else:
            test = Q((f"{attribute.path}__{self.lookup}", value))
        return ~test if self.negated else test


def _by_the_millisecond(path: str, lookup: str, value: Any) -> Q:
    """Return the condition for a moment as answers show it, in milliseconds.

    Columns hold microseconds, and what is shown must be found.
    """
    if lookup == "in":
        tests = [_by_the_millisecond(path, "exact", moment) for moment in value]
        return Q(*tests, _connector=Q.OR)
    start, end = _millisecond(value)
    return {
        "exact": Q((f"{path}__gte", start), (f"{path}__lt", end)),
        "lt": Q((f"{path}__lt", start)),
        "lte": Q((f"{path}__lt", end)),
        "gt": Q((f"{path}__gte", end)),
        "gte": Q((f"{path}__gte", start)),
    }[lookup]


def _millisecond(moment: datetime) -> tuple[datetime, datetime]:
    """Return start and end of the moment's millisecond; the very last one ends a little early."""
    start = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    last = datetime.max.replace(tzinfo=start.tzinfo)
    return start, last if last - start < MILLISECOND else start + MILLISECOND
