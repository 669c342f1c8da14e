"""Find contests: rows that want the same unique value, or one that another record has.

Who gets it depends on their turns: an earlier row may fail, a later one may give the value up.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from imports_app.engine.types import Schema

Tokens = Sequence[Any]
Names = tuple[str, ...]
Value = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ById:
    """The token of a record by its id; no key can look like it."""

    pk: Any


@dataclass(frozen=True, slots=True)
class ByRow:
    """The token of a record that only its row stands for."""

    index: int


class Demand(NamedTuple):
    """What a draft claims.

    Attributes:
        tokens: what could make it conflict with another demand; its own record's token comes first.
    """

    fields: Mapping[str, Any]
    tokens: Tokens


class Take(NamedTuple):
    """The demand of this place wants a value that the record with these tokens has."""

    place: int
    names: Names
    value: Value
    holder: Tokens


@dataclass
class Contests:
    """Which demands conflict.

    Attributes:
        takes: those who want what another record has.
        clashes: the places of those who want the same, by what they want.
    """

    takes: list[Take] = field(default_factory=list)
    clashes: list[Sequence[int]] = field(default_factory=list)

    @property
    def clashing(self) -> set[int]:
        """The places of demands that want the same as another."""
        return {place for places in self.clashes for place in places}

    def rivals(self, demands: Sequence[Demand]) -> set[Any]:
        """Return the tokens of all who take part in a contest."""
        places = self.clashing | {take.place for take in self.takes}
        found = {token for take in self.takes for token in take.holder}
        return found.union(*(demands[place].tokens for place in places))


def contests_of(schema: Schema, demands: Sequence[Demand], *, mode: str) -> Contests:
    """Find the contests, by a query for each unique constraint besides the key's.

    Only constraints that the rows give values of are looked at.
    """
    found = Contests()
    for names in schema.other_unique_names:
        if wanted := _wanted(schema, names, demands, mode):
            _compare(found, names, wanted, _holders(schema, names, wanted, mode), demands)
    return found


def _compare(
    found: Contests,
    names: Names,
    wanted: Mapping[Value, Sequence[int]],
    holders: Mapping[Value, Tokens],
    demands: Sequence[Demand],
) -> None:
    for value, places in wanted.items():
        if len(places) > 1:
            found.clashes.append(places)
        holder = holders.get(value)
        found.takes += [
            Take(place, names, value, holder)
            for place in places
            if holder and demands[place].tokens[0] not in holder
        ]


def _wanted(
    schema: Schema, names: Names, demands: Sequence[Demand], mode: str
) -> dict[Value, list[int]]:
    """Return the places of the demands that want each value."""
    wanted: dict[Value, list[int]] = {}
    partial = [
        place
        for place, (fields, _) in enumerate(demands)
        if len(names) > 1 and 0 < len(fields.keys() & {*names}) < len(names)
    ]
    current = _current(schema, names, [demands[place] for place in partial], mode)
    for place, (fields, tokens) in enumerate(demands):
        old = current.get(tokens[0], {})
        value = tuple(fields.get(name, old.get(name)) for name in names)
        if None not in value and not fields.keys().isdisjoint(names):
            wanted.setdefault(value, []).append(place)
    return wanted


def _current(
    schema: Schema, names: Names, demands: Sequence[Demand], mode: str
) -> dict[Any, Mapping[str, Any]]:
    """Return what the records of these demands have by now, by the demand's own token."""
    own = {tokens[0] for _, tokens in demands}
    ids = {token.pk for token in own if isinstance(token, ById)}
    firsts = {token[0] for token in own if isinstance(token, tuple)} - {None}
    found: dict[Any, Mapping[str, Any]] = {}
    records = schema.records(mode)
    if ids:
        found |= {ById(row["pk"]): row for row in records.filter(pk__in=ids).values("pk", *names)}
    if firsts and schema.key_names:
        narrowed = records.filter(**{f"{schema.key_names[0]}__in": firsts})
        rows = narrowed.values(*{*names, *schema.key_names})
        found |= {schema.key_of(row): row for row in rows}
    return found


def _holders(
    schema: Schema, names: Names, values: Mapping[Value, Any], mode: str
) -> dict[Value, Tokens]:
    first = {value[0] for value in values}
    rows = schema.records(mode).filter(**{f"{names[0]}__in": first})
    return {value: tokens for value, tokens in _held(schema, names, rows) if value in values}


def _held(schema: Schema, names: Names, records: Any) -> Iterator[tuple[Value, Tokens]]:
    width = len(names)
    for row in records.values_list(*names, "pk", *schema.found_by):
        yield row[:width], (ById(row[width]), row[width + 1 :])
