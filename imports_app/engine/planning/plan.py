"""Turn valid rows into drafts, and drafts into steps whose drafts may be written at once.

"Rows take effect in turn" is kept by writing together only what can't meet: two drafts that could
be the same record are in different steps, in the order of their rows.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from imports_app.engine.planning.contests import ById, ByRow, Demand, Names, contests_of
from imports_app.engine.planning.drafts import Draft, Match
from imports_app.engine.planning.exchanges import exchange
from imports_app.engine.planning.lookup import Key, find_by_id
from imports_app.engine.planning.shapes import Shape, clear, shape_of
from imports_app.engine.reading import Row
from imports_app.engine.types import ID, MUST_EXIST, REFERENCE, Schema
from imports_app.importer import RowError
from imports_app.models.ids import parse_id

# The token that all rows in contests for unique values have in common.
CONTEST = "contest"


def draft(schema: Schema, rows: Iterable[Row], *, mode: str) -> list[Draft]:
    """Return a draft of each row without errors; a row of which none can be made gets its
    errors.
    """
    sound = [row for row in rows if not row.errors]
    known = _named_by_id(schema, sound, mode)
    names = [tuple(row.values) for row in sound]
    shapes = {each: shape_of(schema, each) for each in {*names}}
    drafts = [
        _draft(schema, row, shapes[each], known) for row, each in zip(sound, names, strict=True)
    ]
    return [made for made in drafts if not made.row.errors]


def outline(schema: Schema, rows: Sequence[Row], *, mode: str) -> list[Draft]:
    """Return drafts that tell only which records the rows mean and which unique values they want.

    Calls no code of the type's, so that rows which kill a worker can be looked at.
    """
    known = _named_by_id(schema, rows, mode)
    drafts = []
    for row in rows:
        match, absent, _ = shape_of(schema, tuple(row.values))
        pk = known.get(row.values.pop(ID)) if match is Match.ID else None
        fields = row.values | dict.fromkeys(absent)
        lost = match is Match.ID and pk is None
        if lost or (match is Match.REFERENCE and not fields[REFERENCE]):
            match = Match.NONE
        drafts.append(Draft(row, fields, match, pk, ()))
    return drafts


def _named_by_id(schema: Schema, rows: Iterable[Row], mode: str) -> Mapping[str, Any]:
    """Return the records that rows name by `id`: what the row says → primary key."""
    names = {row.values[ID] for row in rows if ID in row.values}
    if not names:
        return {}
    ids = {name: value for name in names if (value := parse_id(schema.pk, name)) is not None}
    known = find_by_id(schema, ids.values(), mode=mode)
    return {name: pk for name, pk in ids.items() if pk in known}


def _draft(schema: Schema, row: Row, shape: Shape, known: Mapping[str, Any]) -> Draft:
    fields, missing = row.values, shape.missing
    if schema.has_conditions:
        missing = [*missing, *schema.importer.missing(row.instructions | fields)]
    if None in fields.values():
        clear(schema, fields)
    pk, match = None, shape.match
    if match is Match.REFERENCE and not fields[REFERENCE]:
        match = Match.NONE
    if match is Match.ID:
        pk = known.get(fields.pop(ID))
        if pk is None:
            row.errors.append(RowError(ID, *MUST_EXIST))
    elif match is Match.NONE:
        row.errors.extend(missing)
    for name in shape.absent:
        fields[name] = None
    return Draft(row, fields, match, pk, missing)


@dataclass(slots=True)
class Step:
    """Drafts that may be written at once: no two can be the same record.

    Attributes:
        given: of those that exchange unique values, which their records give up, by row index;
            such drafts are written together, or those first that give up what another takes.
    """

    drafts: list[Draft] = field(default_factory=list)
    given: Mapping[int, set[Names]] = field(default_factory=dict)


def steps(schema: Schema, drafts: Sequence[Draft], *, mode: str) -> list[Step]:
    """Return the drafts in steps to be taken one after the other."""
    if not schema.other_unique_names and _all_differ(schema, drafts):
        return [Step(list(drafts))]
    demands, old_keys = demands_of(schema, drafts, mode=mode)
    found = contests_of(schema, demands, mode=mode)
    together = exchange(schema, found, demands, old_keys)
    pairs = [(made, demand.tokens) for made, demand in zip(drafts, demands, strict=True)]
    found_steps = _in_turn(schema, [pairs[place] for place in together.ahead], set())
    if together.places:
        given = {drafts[place].row.index: names for place, names in together.given.items()}
        found_steps.append(Step([drafts[place] for place in together.places], given))
    taken = {*together.ahead, *together.places}
    left = [pair for place, pair in enumerate(pairs) if place not in taken]
    return found_steps + _in_turn(schema, left, found.rivals(demands))


def demands_of(
    schema: Schema, drafts: Sequence[Draft], *, mode: str
) -> tuple[list[Demand], Mapping[Any, Key]]:
    """Return the drafts' demands, and the keys of the records that they name by id."""
    old_keys = find_by_id(schema, {made.pk for made in drafts} - {None}, mode=mode)
    tokens = _tokens(schema, drafts, old_keys)
    return [
        Demand(*pair) for pair in zip((d.fields for d in drafts), tokens, strict=True)
    ], old_keys


def _in_turn(
    schema: Schema, drafts: Sequence[tuple[Draft, Sequence[Any]]], rivals: set[Any]
) -> list[Step]:
    """Put the drafts, each with its tokens, into as few steps as keep those in order that could
    meet.
    """
    met: dict[Any, int] = {}
    moved: set[Any] = set()
    barrier = 0
    groups: list[Step] = []
    for made, tokens in drafts:
        if not rivals.isdisjoint(tokens):
            tokens = [*tokens, CONTEST]  # noqa: PLW2901  (the draft's, and one more)
        step = max(barrier, *(met.get(token, -1) + 1 for token in tokens), 0)
        if made.pk in moved:
            # Its key by then depends on whether earlier rows fail: keep it apart from all others.
            step = len(groups)
            barrier = step + 1
        if made.match is Match.ID and not made.fields.keys().isdisjoint(schema.found_by):
            moved.add(made.pk)
        met.update(dict.fromkeys(tokens, step))
        if step == len(groups):
            groups.append(Step())
        groups[step].drafts.append(made)
    return groups


def _all_differ(schema: Schema, drafts: Sequence[Draft]) -> bool:
    """Return whether no two have a key in common, as in most batches: then there is one step."""
    if any(made.match is Match.ID for made in drafts):
        return False
    key_of = _key_of(schema, drafts)
    keys = [key_of(made.fields) for made in drafts if made.match is not Match.NONE]
    return len({*keys}) == len(keys)


def _key_of(schema: Schema, drafts: Sequence[Draft]) -> Callable[[Mapping[str, Any]], Key]:
    """Return the key by which a draft without an id finds its record; only equal keys conflict."""
    if schema.key_names:
        return schema.key_of
    names = {*schema.owners}
    apart = all(made.match is not Match.ID and names <= made.fields.keys() for made in drafts)
    scope = (REFERENCE, *schema.owners) if apart else (REFERENCE,)
    return lambda fields: tuple(fields[name] for name in scope)


def _tokens(
    schema: Schema, drafts: Sequence[Draft], old_keys: Mapping[Any, Key]
) -> Iterator[list[Any]]:
    """Yield what each draft could have in common with another: its record's id, old key and new
    key.
    """
    key_of = _key_of(schema, drafts)
    for made in drafts:
        if made.match is Match.NONE:
            yield [ByRow(made.row.index)]
        elif made.match is Match.ID:
            old = old_keys.get(made.pk, ())
            yield [ById(made.pk), *filter(None, (old, _changed(schema, old, made.fields)))]
        else:
            yield [key_of(made.fields)]


def _changed(schema: Schema, old: Key, fields: Mapping[str, Any]) -> Key:
    return tuple(fields.get(name, part) for name, part in zip(schema.found_by, old, strict=False))
