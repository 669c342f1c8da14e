"""Rows that exchange unique values or pass them on: a swap, a chain of renames in any order.

Taken one by one they would fail, since a database looks at each record as it is written.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from imports_app.engine.planning.contests import ById, Contests, Names, Take, Wish


@dataclass
class Exchange:
    """Wishes that can all be granted, if all of them are.

    Attributes:
        places: theirs, those who give a value up before those who take it, as far as may be.
        given: by place of a wish, which unique values its record gives up.
    """

    places: list[int] = field(default_factory=list)
    given: Mapping[int, set[Names]] = field(default_factory=dict)


def exchange(
    found: Contests, wishes: Sequence[Wish], key_names: Names, old_keys: Mapping[Any, Any]
) -> Exchange:
    """All wishes that only need others of them to be granted too, and meet nobody else.

    `old_keys` are those of the records that wishes name by id.
    """
    takes = [*found.takes, *key_takes(wishes, key_names, old_keys)]
    if not takes:
        return Exchange()
    by_token = defaultdict(list)
    for place, wish in enumerate(wishes):
        for token in {*wish.tokens}:
            by_token[token].append(place)
    barred = found.clashing | set(_met_twice(wishes, by_token))
    gives: dict[int, set[int]] = defaultdict(set)
    given: dict[int, set[Names]] = defaultdict(set)
    for take in takes:
        giver = _giver(take, wishes, by_token)
        if giver is None:
            barred.add(take.place)
        else:
            gives[take.place].add(giver)
            given[giver].add(take.names)
    pairs = [(place, giver) for place, givers in gives.items() for giver in givers]
    sets = [group for group in connected(pairs) if barred.isdisjoint(group)]
    return Exchange(
        places=[place for group in sets for place in _givers_first(group, gives)],
        given={place: given[place] for group in sets for place in group if place in given},
    )


def key_takes(
    wishes: Sequence[Wish], key_names: Names, old_keys: Mapping[Any, Any]
) -> Iterator[Take]:
    """Those with an id that want the key which another record with an id has."""
    holders = {key: pk for pk, key in old_keys.items()} if key_names else {}
    for place, (_, tokens) in enumerate(wishes):
        new = tokens[-1]
        if isinstance(tokens[0], ById) and new in holders and holders[new] != tokens[0].pk:
            yield Take(place, key_names, new, (ById(holders[new]), new))


def _met_twice(wishes: Sequence[Wish], by_token: Mapping[Any, Sequence[int]]) -> Iterator[int]:
    """The places of wishes that another one may be for the same record as."""
    for place, wish in enumerate(wishes):
        own = wish.tokens[0]
        if len(by_token[own]) > 1:
            yield place
        elif isinstance(own, ById) and any(
            wishes[other].tokens[0] == token
            for token in wish.tokens[1:]
            for other in by_token[token]
        ):
            yield place  # a row names it by the key that it had or gets


def _giver(take: Take, wishes: Sequence[Wish], by_token: Mapping[Any, Sequence[int]]) -> int | None:
    """The one wish by which the holder loses the value, if there is one."""
    owners = {p for t in take.holder for p in by_token.get(t, ()) if wishes[p].tokens[0] == t}
    if len(owners) != 1:
        return None
    (giver,) = owners
    fields = wishes[giver].fields
    left = tuple(fields.get(n, v) for n, v in zip(take.names, take.value, strict=True))
    return giver if left != take.value else None


def connected(pairs: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """The places in groups, so that the two of a pair are in the same one."""
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
    """In an order in which a chain of renames works; a circle begins anywhere."""
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
