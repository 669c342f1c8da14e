"""Names of filters: `<attribute>(_or_<attribute>)*_<matcher>`."""

from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from imports_app.api.parameters import nearest, quoted

MAX_LENGTH = 1_000


class FilterName(NamedTuple):
    """The parts of a filter's name: one of the attributes has to match."""

    attributes: tuple[str, ...]
    matcher: str


class InvalidName(ValueError):
    """The name isn't that of a filter; the message says which part is unknown."""


def split_name(name: str, *, attributes: Collection[str], matchers: Collection[str]) -> FilterName:
    """Return the attributes and the matcher. Raises InvalidName.

    Attributes' names may contain `_or_` or end like a matcher: of several readings, the one that
    starts with the longest attribute counts.
    """
    if len(name) > MAX_LENGTH:
        raise InvalidName(f"is too long (maximum is {MAX_LENGTH} characters)")
    longest_first = sorted(attributes, key=len, reverse=True)

    @cache  # each position is read once, however many readings lead to it
    def read(start: int) -> FilterName | None:
        for attribute in longest_first:
            end = start + len(attribute) + 1
            if not name.startswith(f"{attribute}_", start):
                continue
            if name[end:] in matchers:
                return FilterName((attribute,), name[end:])
            if name.startswith("or_", end) and (rest := read(end + len("or_"))):
                return FilterName((attribute, *rest.attributes), rest.matcher)
        return None

    if found := read(0):
        return found
    raise InvalidName(_reason(name, longest_first, matchers))


def _reason(name: str, longest_first: list[str], matchers: Collection[str]) -> str:
    """Return what is wrong with a name, reading it from the left."""
    rest = name
    while attribute := next((a for a in longest_first if f"{rest}_".startswith(f"{a}_")), None):
        rest = rest[len(attribute) + 1 :]
        if not rest:
            return f"{quoted(name)} doesn't end with a matcher, such as '_eq'"
        if not rest.startswith("or_"):
            return f"{quoted(rest)} is not a matcher{nearest(rest, matchers)}"
        rest = rest[len("or_") :]
    suggestion = nearest(_without_matcher(rest, matchers), longest_first)
    return f"{quoted(rest)} does not begin with an attribute that can be filtered by{suggestion}"


def _without_matcher(name: str, matchers: Collection[str]) -> str:
    """Return the part of a filter's name that is probably the attribute."""
    endings = (matcher for matcher in matchers if name.endswith(f"_{matcher}"))
    return name.removesuffix(f"_{max(endings, key=len, default='')}")
