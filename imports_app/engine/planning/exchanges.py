"""Rows that exchange unique values or pass them on: a swap, a chain of renames in any order.

Taken one by one they would fail, since a database looks at each record as it is written.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from imports_app.engine.planning.contests import ById, Contests, Demand, Names, Take
from imports_app.engine.types import Schema


@dataclass
class Exchange:
    """Demands that can be granted only together.

    Attributes:
        ahead: places of demands whose turn comes before: each is for the record of one that takes
            part, and asks for no unique value.
        places: theirs, those who give a value up before those who take it, as far as may be.
        given: by place of a demand, which unique values its record gives up.
    """

    ahead: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    given: Mapping[int, set[Names]] = field(default_factory=dict)


def exchange(
    schema: Schema, found: Contests, demands: Sequence[Demand], old_keys: Mapping[Any, Any]
) -> Exchange:
    """Return the demands that can be granted together, and that nobody else's stand against.

    Of those for one record the first that asks for a unique value may take part; the turn of those
    behind it comes afterwards. `old_keys` are those of the records that demands name by id.
    """
    takes = [*found.takes, *key_takes(demands, schema.key_names, old_keys)]
    if not takes:
        return Exchange()
    quiet = {*_quiet(schema, demands)}
    late = {*_late(demands, quiet)}
    first = _first_to_ask(demands, quiet | late)
    barred = {*_clashing([*found.clashes, *_same_keys(schema, demands)], demands)}
    gives: dict[int, set[int]] = defaultdict(set)
    given: dict[int, set[Names]] = defaultdict(set)
    for take in takes:
        if take.place in late:
            continue
        giver = _giver(take, demands, first)
        if giver is None:
            barred.add(take.place)
        else:
            gives[take.place].add(giver)
            given[giver].add(take.names)
    pairs = [(place, giver) for place, givers in gives.items() for giver in givers]
    sets = [group for group in connected(pairs) if barred.isdisjoint(group)]
    places = [place for group in sets for place in _givers_first(group, gives)]
    return Exchange(
        ahead=[*_ahead(demands, places, quiet)],
        places=places,
        given={place: given[place] for place in places if place in given},
    )


def key_takes(
    demands: Sequence[Demand], key_names: Names, old_keys: Mapping[Any, Any]
) -> Iterator[Take]:
    """Yield the demands by id for a key that another record with an id has."""
    holders = {key: pk for pk, key in old_keys.items()} if key_names else {}
    for place, (_, tokens) in enumerate(demands):
        new = tokens[-1]
        if isinstance(tokens[0], ById) and new in holders and holders[new] != tokens[0].pk:
            yield Take(place, key_names, new, (ById(holders[new]), new))


def _quiet(schema: Schema, demands: Sequence[Demand]) -> Iterator[int]:
    """Yield the places of demands that leave all unique values of their record as they are."""
    unique = {name for names in schema.other_unique_names for name in names}
    for place, (fields, tokens) in enumerate(demands):
        asked = unique | {*schema.found_by} if isinstance(tokens[0], ById) else unique
        if asked.isdisjoint(fields):
            yield place


def _late(demands: Sequence[Demand], quiet: Set[int]) -> Iterator[int]:
    """Yield the places of demands that have to wait for one before, which may be for the same
    record.
    """
    records: set[Any] = set()
    met: set[Any] = set()
    for place, demand in enumerate(demands):
        own, *keys = demand.tokens
        if own in met or not records.isdisjoint(keys):
            yield place
        records.add(own)
        met.update(keys if place in quiet else demand.tokens)


def _first_to_ask(demands: Sequence[Demand], others: Set[int]) -> Mapping[Any, int]:
    """By token of a record, the place of the demand for it that may take part."""
    places = (place for place in range(len(demands)) if place not in others)
    return {demands[place].tokens[0]: place for place in places}


def _clashing(clashes: Iterable[Sequence[int]], demands: Sequence[Demand]) -> Iterator[int]:
    """Yield the places of demands that want the same for different records."""
    for places in clashes:
        if len({demands[place].tokens[0] for place in places}) > 1:
            yield from places


def _same_keys(schema: Schema, demands: Sequence[Demand]) -> Iterable[Sequence[int]]:
    """Return the places of those with an id that want the same key."""
    wanted: dict[Any, list[int]] = defaultdict(list)
    for place, (fields, tokens) in enumerate(demands):
        if isinstance(tokens[0], ById) and not fields.keys().isdisjoint(schema.key_names):
            wanted[tokens[-1]].append(place)
    return wanted.values()


def _giver(take: Take, demands: Sequence[Demand], first: Mapping[Any, int]) -> int | None:
    """Return the demand by which the holder loses the value, if there is one."""
    owners = {first[token] for token in take.holder if token in first}
    if len(owners) != 1:
        return None
    (giver,) = owners
    fields = demands[giver].fields
    left = tuple(fields.get(n, v) for n, v in zip(take.names, take.value, strict=True))
    return giver if left != take.value else None


def _ahead(demands: Sequence[Demand], members: Sequence[int], quiet: Set[int]) -> Iterator[int]:
    """Yield the places of quiet demands for the record of a member, before it."""
    member_of = {demands[place].tokens[0]: place for place in members}
    for place in sorted(quiet):
        if place < member_of.get(demands[place].tokens[0], 0):
            yield place


def connected(pairs: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """Yield the places in groups, so that the two of a pair are in the same one."""
    neighbours: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        neighbours[one].add(other)
        neighbours[other].add(one)
    left = dict.fromkeys(sorted(neighbours))
    while left:
        group, waiting = [], [next(iter(left))]
        while waiting:
            place = waiting.pop()
            if place in left:
                del left[place]
                group.append(place)
                waiting.extend(neighbours[place])
        yield sorted(group)


def _givers_first(group: Sequence[int], gives: Mapping[int, set[int]]) -> list[int]:
    """Order the places so that a chain of renames works; a circle may begin anywhere."""
    ordered: dict[int, None] = {}
    begun: set[int] = set()
    for first in group:
        waiting = [first]
        while waiting:
            place = waiting[-1]
            open_ = sorted(gives.get(place, set()) - begun) if place not in begun else []
            begun.add(place)
            if open_:
                waiting += open_
            else:
                ordered.setdefault(waiting.pop())
    return list(ordered)
