"""The matchers, by name.

They are those of Ransack, the Ruby library, and behave as there on PostgreSQL:

- NULL matches no comparison, not even a negated one; the `_or_null` forms include it.
- `start`, `end`, `cont`, `matches` and their opposites ignore case (on SQLite that of ASCII only).
  `%` and `_` are wildcards in `matches` and its opposite only.
- With `_any` one of the values between the commas has to match, with `_all` all of them.
- `null`, `present`, `true` and the like take a boolean; false means the opposite.

Datetimes compare by the millisecond, as answers show them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from imports_app.api.filters.attributes import UNORDERED, FilterAttribute, Kind
from imports_app.api.filters.comparison import Comparison
from imports_app.api.filters.values import boolean

TEXT = frozenset({Kind.STRING})
TRUTH = frozenset({Kind.BOOLEAN})
JSON = frozenset({Kind.JSON})
ALL = frozenset(Kind)
ORDERED = ALL - UNORDERED - TRUTH

# The values that are blank besides NULL.
BLANK: Mapping[Kind, tuple[Any, ...]] = {Kind.STRING: ("",), Kind.JSON: ({}, [])}


@dataclass(frozen=True)
class State:
    """A matcher for attributes that are empty, or aren't; its value is a boolean.

    Attributes:
        blank: whether an empty text or JSON value counts as empty; NULL always does.
    """

    blank: bool
    negated: bool = False
    kinds: frozenset[Kind] = ALL

    def values(self, text: str) -> list[str]:
        """Return the boolean."""
        return [text]

    def condition(self, attribute: FilterAttribute, texts: list[str]) -> Q:
        """Return which records fit. Raises InvalidValue."""
        blanks = BLANK.get(attribute.kind, ()) if self.blank else ()
        tests = (Q((attribute.path, value)) for value in blanks)
        empty = Q((f"{attribute.path}__isnull", True), *tests, _connector=Q.OR)
        return ~empty if boolean(texts[0]) is self.negated else empty


@dataclass(frozen=True)
class Truth:
    """A matcher for booleans that are `wanted`, or aren't; its value is a boolean. NULL never
    matches.
    """

    wanted: bool
    kinds: frozenset[Kind] = TRUTH

    def values(self, text: str) -> list[str]:
        """Return the boolean."""
        return [text]

    def condition(self, attribute: FilterAttribute, texts: list[str]) -> Q:
        """Return which records fit. Raises InvalidValue."""
        return Q((attribute.path, boolean(texts[0]) is self.wanted))


Matcher = Comparison | State | Truth

COMPARISONS: Mapping[str, Comparison] = {
    "eq": Comparison("exact", ALL - JSON),
    "not_eq": Comparison("exact", ALL - JSON, negated=True),
    "in": Comparison("in", ALL - JSON),
    "not_in": Comparison("in", ALL - JSON, negated=True),
    "lt": Comparison("lt", ORDERED),
    "lteq": Comparison("lte", ORDERED),
    "gt": Comparison("gt", ORDERED),
    "gteq": Comparison("gte", ORDERED),
    "start": Comparison("istartswith", TEXT),
    "not_start": Comparison("istartswith", TEXT, negated=True),
    "end": Comparison("iendswith", TEXT),
    "not_end": Comparison("iendswith", TEXT, negated=True),
    "cont": Comparison("icontains", TEXT),
    "not_cont": Comparison("icontains", TEXT, negated=True),
    "matches": Comparison("matches", TEXT),
    "does_not_match": Comparison("matches", TEXT, negated=True),
    "jcont": Comparison("jcont", JSON),
}


def _forms(name: str, comparison: Comparison) -> Iterator[tuple[str, Comparison]]:
    """Yield the comparison with every suffix that it can have."""
    yield name, comparison
    # A list of lists, or of JSON values, can't be told apart by commas.
    if comparison.lookup not in ("in", "jcont"):
        yield f"{name}_any", replace(comparison, quantifier="any")
        yield f"{name}_all", replace(comparison, quantifier="all")


def _with_null(name: str, comparison: Comparison) -> Iterator[tuple[str, Comparison]]:
    yield name, comparison
    yield f"{name}_or_null", replace(comparison, or_null=True)


MATCHERS: Mapping[str, Matcher] = {
    **{
        name: comparison
        for base in COMPARISONS.items()
        for form in _forms(*base)
        for name, comparison in _with_null(*form)
    },
    "null": State(blank=False),
    "not_null": State(blank=False, negated=True),
    "blank": State(blank=True),
    "present": State(blank=True, negated=True),
    "true": Truth(wanted=True),
    "false": Truth(wanted=False),
}
