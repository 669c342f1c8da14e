"""The attributes of a type, found by the names that people give to columns."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache, cached_property

from imports_app.inputs.kinds import Kind
from imports_app.inputs.target import Target

Path = tuple[str, ...]
# What is none of a name: blanks, seen or not, and what people write for them.
MARKS = re.compile(r"[\s_\-\u00ad\u200b-\u200d\u2060\ufeff]+")
LONGEST = 100  # characters that are compared


def plain(name: str) -> str:
    """Return the name as it is compared: regardless of case, blanks, `_` and `-`."""
    return MARKS.sub("", name).casefold()


class Names:
    """What the columns of a file can be called that is of one type."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._kinds = target.kinds

    @cached_property
    def attributes(self) -> Mapping[str, str]:
        """The attributes and their synonyms by their plain names, but for those that share one."""
        return _unique((*self._kinds, *self._target.synonyms))

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The attributes by what else their columns may be called."""
        labels = self._target.labels.items()
        return {plain(label): attribute for attribute, names in labels for label in names}

    def path_of(self, column: str) -> Path | None:
        """Return the attribute that a column of that name is for, with what is inside it; None if
        there is none.
        """
        first, *rest = (part.strip() for part in column.split("."))
        if first in self._kinds or first in self._target.synonyms:
            attribute: str | None = first
        else:
            attribute = self.attributes.get(plain(first))
        if not rest:
            found = attribute or self.labels.get(plain(column))
            return (found,) if found else None
        if not all(rest):
            return None
        return self._inside(attribute, first, rest) or self._labelled(column)

    def nearest(self, column: str, cutoff: float = 0.5) -> str | None:
        """Return the attribute whose name is most like the column's, at least so much of 1."""
        wanted = plain(column[:LONGEST])
        found = get_close_matches(wanted, self.attributes, 1, cutoff=cutoff)
        inside = (name for name in self.attributes if len(name) > 3 and name in wanted)  # noqa: PLR2004
        name = next(iter((*found, *inside)), None)
        return self.attributes[name] if name else None

    def _labelled(self, column: str) -> Path | None:
        found = self.labels.get(plain(column))
        return (found,) if found else None

    def _inside(self, attribute: str | None, first: str, rest: list[str]) -> Path | None:
        if attribute and (kind := self._kinds.get(attribute)) and self._nests(attribute, kind):
            return (attribute, *_members(kind, rest))
        links = _unique(self._target.links)
        link = first if first in self._target.links else links.get(plain(first))
        form = link and self.attributes.get(plain(f"{link}_{'_'.join(rest)}"))
        return (form,) if form else None

    def _nests(self, attribute: str, kind: Kind) -> bool:
        takes_parts = not kind.types.isdisjoint({"object", "array", None})
        return takes_parts or attribute in self._target.many


@cache
def names_of(target: Target) -> Names:
    """Return those of that type."""
    return Names(target)


def _members(kind: Kind, rest: list[str]) -> Iterator[str]:
    """Yield the parts of a path inside an attribute, as far as its type knows them by other
    names.
    """
    node: Kind | None = kind
    for part in rest:
        inner = (node.items or node) if node else None
        members = inner.members if inner else {}
        name = part if part in members else _unique(members).get(plain(part), part)
        node = members.get(name)
        yield name


def _unique(names: "tuple[str, ...] | Mapping[str, object]") -> Mapping[str, str]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(plain(name), []).append(name)
    return {name: same[0] for name, same in found.items() if len(same) == 1}
