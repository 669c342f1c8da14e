"""Order rows that refer to records of their own type: targets are written first."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from imports_app.engine.planning.contests import Demand, Names
from imports_app.engine.planning.plan import demands_of, outline
from imports_app.engine.planning.relations import ToCome
from imports_app.engine.reading import Row
from imports_app.engine.types import CYCLE, Link, Schema
from imports_app.importer import RowError

# Fields, and what a record has there: a name that a row may refer to.
Given = tuple[Names, tuple[Any, ...]]
Places = Mapping[int, set[int]]


def awaited(schema: Schema, row: Row) -> Iterator[Given]:
    """Yield what the row refers to of its own type that wasn't there when it was looked up."""
    for link in schema.own_links:
        yield from _referred(schema, link, _names(link, row))


def referred(schema: Schema, probe: Row) -> Iterator[Given]:
    """Yield the names of records of its own type in a row whose relations were not looked up."""
    for link in schema.own_links:
        yield from _referred(schema, link, probe.values)


def given(schema: Schema, row: Row) -> Iterator[Given]:
    """Yield the names by which other rows may refer to the row's record."""
    for lookups in {lookups for link in schema.own_links for lookups, _ in _ways(schema, link)}:
        values = tuple(row.values.get(name) for name in lookups)
        if None not in values:
            yield lookups, values


def own_names(schema: Schema) -> frozenset[str]:
    """Return the attributes by which rows refer to their own type, and those that these mean."""
    ways = [way for link in schema.own_links for way in _ways(schema, link)]
    return frozenset(name for way in ways for names in way for name in names)


def levels(schema: Schema, rows: Sequence[Row], *, mode: str) -> list[Sequence[Row]]:
    """Return the rows in levels, to be written one after the other: they refer to earlier ones.

    Within a level, and for rows that could mean one record, the order stays. Rows that lead back to
    themselves get an error.
    """
    sound = [row for row in rows if not row.errors]
    waits = _waits(schema, sound)
    if not waits:
        return [rows]
    follows = _follows(schema, sound, mode)
    found, stuck = _sorted(len(sound), waits, follows)
    if circle := _circle(stuck, waits, follows):
        for place in circle:
            _refuse(schema, sound[place])
        left = [row for place, row in enumerate(sound) if place not in circle]
        return levels(schema, left, mode=mode)
    return [[sound[place] for place in places] for places in found]


def _names(link: Link, row: Row) -> Mapping[str, Any]:
    value = row.values.get(link.field.attname)
    return dict(value.names) if isinstance(value, ToCome) else {}


def _referred(schema: Schema, link: Link, values: Mapping[str, Any]) -> Iterator[Given]:
    for lookups, attributes in _ways(schema, link):
        names = tuple(values.get(name) for name in attributes)
        if None not in names:
            yield lookups, names


def _ways(schema: Schema, link: Link) -> Iterator[tuple[Names, Names]]:
    """Yield the fields by which a row can name another, each with the row's attributes for that."""
    for forms in (*((form,) for form in link.forms), link.parts):
        lookups = tuple(form.lookup for form in forms)
        if forms and {*lookups} <= schema.by_attribute.keys():
            yield lookups, tuple(form.attribute for form in forms)


def _waits(schema: Schema, rows: Sequence[Row]) -> dict[int, set[int]]:
    """Return the rows that each has to wait for, by place: the first one that gives each name."""
    givers: dict[Given, int] = {}
    for place, row in enumerate(rows):
        for name in given(schema, row):
            givers.setdefault(name, place)
    waits = {
        place: {givers[name] for name in awaited(schema, row) if name in givers}
        for place, row in enumerate(rows)
    }
    return {place: others for place, others in waits.items() if others}


def _follows(schema: Schema, rows: Sequence[Row], mode: str) -> dict[int, set[int]]:
    """Return, by place, the rows before each that could mean its record or want a value of its."""
    probes = [Row(row.index, row.raw, {**row.values}) for row in rows]
    demands, _ = demands_of(schema, outline(schema, probes, mode=mode), mode=mode)
    last: dict[Any, int] = {}
    follows: dict[int, set[int]] = {}
    for place, demand in enumerate(demands):
        for token in {*demand.tokens, *_unique_values(schema, demand)}:
            if token in last:
                follows.setdefault(place, set()).add(last[token])
            last[token] = place
    return follows


def _unique_values(schema: Schema, demand: Demand) -> Iterator[Any]:
    for names in schema.other_unique_names:
        if demand.fields.keys() >= {*names}:
            yield names, tuple(demand.fields[name] for name in names)


def _sorted(count: int, waits: Places, follows: Places) -> tuple[list[list[int]], set[int]]:
    """Return the places by level, and those that stand in a circle or behind one."""
    behind: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for place in range(count):
        for other in waits.get(place, ()):
            behind[other].append((place, 1))
        for other in follows.get(place, ()):
            behind[other].append((place, 0))
    before = [len(waits.get(n, ())) + len(follows.get(n, ())) for n in range(count)]
    level = [0] * count
    ready = [place for place in range(count) if not before[place]]
    for place in ready:
        for other, step in behind[place]:
            level[other] = max(level[other], level[place] + step)
            before[other] -= 1
            if not before[other]:
                ready.append(other)
    found: list[list[int]] = [[] for _ in range(max(level, default=0) + 1)]
    for place in sorted(ready):
        found[level[place]].append(place)
    return found, {*range(count)} - {*ready}


def _circle(stuck: set[int], waits: Places, follows: Places) -> set[int]:
    """Return the stuck rows that others of them wait for; the rest only wait for the circle."""
    circle = {*stuck}
    while True:
        asked = {n for p in circle for n in (*waits.get(p, ()), *follows.get(p, ()))}
        if circle <= asked:
            return circle
        circle &= asked


def _refuse(schema: Schema, row: Row) -> None:
    names = [link.name for link in schema.own_links if _names(link, row)]
    row.errors.extend(RowError(name, *CYCLE) for name in names)
