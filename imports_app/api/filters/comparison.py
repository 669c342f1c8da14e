"""Holding an attribute against the values that a filter gives."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import Q

from imports_app.api.filters.attributes import FilterAttribute, Kind
from imports_app.api.filters.values import InvalidValue, parse

MILLISECOND = timedelta(milliseconds=1)
# Looked for at every position of a text, which may be a megabyte.
ANYWHERE = frozenset({"icontains", "iendswith", "matches"})
MAX_PATTERN = 255  # characters


@dataclass(frozen=True)
class Comparison:
    """A matcher that compares.

    Attributes:
        lookup: the ORM's name for the comparison.
        kinds: the kinds of attribute that it can be asked of.
        quantifier: how many of the listed values have to fit; None if it doesn't take a list.
        or_null: whether NULL fits too. It fits nothing else, the negated ones included.
    """

    lookup: str
    kinds: frozenset[Kind]
    negated: bool = False
    quantifier: Literal["any", "all"] | None = None
    or_null: bool = False

    def values(self, text: str) -> list[str]:
        """Return those between the commas, for a matcher that takes a list."""
        return text.split(",") if self.quantifier or self.lookup == "in" else [text]

    def condition(self, attribute: FilterAttribute, texts: list[str]) -> Q:
        """Return which records fit. Raises InvalidValue."""
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
    """Answers show milliseconds, columns hold microseconds: what is shown has to be found."""
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
    """Return the millisecond that the moment is in; the last one there is ends a little early."""
    start = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    last = datetime.max.replace(tzinfo=start.tzinfo)
    return start, last if last - start < MILLISECOND else start + MILLISECOND
