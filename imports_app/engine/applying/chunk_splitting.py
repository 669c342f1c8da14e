"""Keep rows that may exchange unique values together, when their chunk has to be cut.

One of them alone would fail, or have another effect than in the whole chunk.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from imports_app.engine.holding import Context
from imports_app.engine.planning import (
    Demand,
    ToCreate,
    connected,
    contests_of,
    demands_of,
    key_takes,
    naming_attributes,
    outline,
    probes_of,
    resolve_relations,
)
from imports_app.engine.reading import Row, unread
from imports_app.inputs.cell_form import CellForm
from imports_app.models import ImportChunk


def uncut_size(context: Context, chunk: ImportChunk, start: int, size: int) -> int:
    """Return how many of the chunk's rows a batch takes from the row of index `start`, at least
    `size`.

    Looks at what they name only, and runs none of the type's code.
    """
    import_ = context.import_
    form = CellForm.of(import_.file)
    rows = unread(context.schema, chunk, start, chunk.rows, format_=import_.format, form=form)
    groups = [(group[0], group[-1] + 1) for group in _groups(context, rows)]
    end = size
    while longer := [behind for first, behind in groups if first < end < behind]:
        end = max(longer)
    return end


def _groups(context: Context, rows: Sequence[Row]) -> Iterator[list[int]]:
    """Yield the places of rows that may depend on each other for a unique value."""
    schema = context.schema
    unique = {name for names in schema.other_unique_names for name in names}
    wanted = {column.attribute for column in schema.columns if column.field.attname in unique}
    names = naming_attributes(schema) | wanted
    probes = probes_of(schema, names, rows)
    resolve_relations(schema, probes, mode=context.mode, parent=context.parent)
    for row in probes:
        row.values = {name: v for name, v in row.values.items() if not isinstance(v, ToCreate)}
    drafts = outline(schema, probes, mode=context.mode)
    demands, old_keys = demands_of(schema, drafts, mode=context.mode)
    found = contests_of(schema, demands, mode=context.mode)
    takes = [*found.takes, *key_takes(demands, schema.key_names, old_keys)]
    by_token = _by_token(demands)
    pairs = [(take.place, p) for take in takes for t in take.holder for p in by_token.get(t, ())]
    pairs += [(p[0], other) for p in [*found.clashes, *by_token.values()] for other in p[1:]]
    taking = {take.place for take in takes}
    clashing = found.clashing
    twice = {place for places in by_token.values() if len(places) > 1 for place in places}
    for group in connected(pairs):
        members = {*group}
        # Of rows that only name one record, or only want one value, the order is all that counts.
        if members & taking or (members & clashing and members & twice):
            yield group


def _by_token(demands: Sequence[Demand]) -> dict[Any, list[int]]:
    """Return the places of the demands that have each token."""
    places: dict[Any, list[int]] = defaultdict(list)
    for place, demand in enumerate(demands):
        for token in {*demand.tokens}:
            places[token].append(place)
    return places
