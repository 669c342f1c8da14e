"""Rows that take effect before their turn, because earlier rows refer to their records.

A category may stand behind those under it, in a chunk that is far away. It is written with the
first of them, and remembered. In its own turn it is written once more, which changes nothing most
often, and is counted as what it did.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from threading import local
from uuid import UUID

from imports_app.engine.holding import Context
from imports_app.engine.planning import (
    Given,
    awaited,
    given,
    own_names,
    probes_of,
    referred,
    resolve_relations,
)
from imports_app.engine.reading import Row, read, unread
from imports_app.engine.types import TOO_FAR
from imports_app.engine.writers import Written
from imports_app.importer import RowError
from imports_app.inputs.cell_form import CellForm

MOST = 10_000  # rows that a batch takes besides its own


def early_rows(context: Context, rows: Sequence[Row]) -> list[Row]:
    """Return the rows behind these that bring what these refer to, and what those refer to in turn.

    Relations of all that can be found by now are resolved; a chain that is too long is an error of
    the rows that begin it.
    """
    schema, end = context.schema, rows[-1].index + 1
    early: list[Row] = []
    brought = {name for row in rows for name in given(schema, row)}
    asking: Sequence[Row] = rows
    while asking:
        wanted = {name for row in asking for name in awaited(schema, row)} - brought
        if not wanted:
            break
        places = {n for name in wanted if (n := _places(context, end).get(name, -1)) >= end}
        if len(early) + len(places) > MOST:
            _refuse(context, rows)
            break
        asking = [*_read(context, sorted(places))]
        resolve_relations(schema, asking, mode=context.mode, parent=context.parent, awaits=True)
        asking = [row for row in asking if not row.errors]
        early += asking
        brought |= wanted.union(*(given(schema, row) for row in asking))
    return early


def credit(early: Mapping[int, bool], written: Written) -> None:
    """Count rows that took effect before their turn as what they did then."""
    for index in early.keys() & written.ids.keys():
        if not early[index]:
            written.changed_after_all({index})
        elif index not in written.new:
            written.updated -= index not in written.same
            written.same.discard(index)
            written.new.add(index)
            written.created += 1


def split_off(early: Iterable[Row], written: Written) -> dict[int, bool]:
    """Take rows that are not the batch's own out of what it counts.

    Returns those that made (True) or changed (False) a record.
    """
    found = {}
    for index in [row.index for row in early if row.index in written.ids]:
        del written.ids[index]
        if index in written.same:
            written.same.discard(index)
            continue
        found[index] = index in written.new
        written.created -= found[index]
        written.updated -= not found[index]
        written.new.discard(index)
    return found


def _refuse(context: Context, rows: Sequence[Row]) -> None:
    for row in rows:
        if any(awaited(context.schema, row)):
            row.errors.append(RowError(context.schema.own_links[0].name, *TOO_FAR))


def _read(context: Context, places: Sequence[int]) -> Iterator[Row]:
    """Yield the rows of these indexes, in ascending order; a chunk is read once."""
    import_ = context.import_
    waiting = [*places]
    while waiting:
        first = waiting[0]
        chunk = context.prefetch.fetch(first).chunk
        end = chunk.first_row + chunk.rows
        here = [place for place in waiting if place < end]
        form = CellForm.of(import_.file)
        count = here[-1] - first + 1
        rows = read(context.schema, chunk, first, count, format_=import_.format, form=form)
        yield from (rows[place - first] for place in here)
        waiting = waiting[len(here) :]


class _Slot(local):
    """Where the rows are that others refer to, of the import that the thread worked on last.

    It outlives a time slice, for the rows never change.

    Attributes:
        start: from which row on they were looked for.
    """

    import_id: UUID | None = None
    start: int = 0
    places: Mapping[Given, int] = {}


_slot = _Slot()


def _places(context: Context, start: int) -> Mapping[Given, int]:
    """Return by name the first row from `start` on whose record other rows refer to.

    They are gone through twice, for what is referred to and for who gives it, so that nothing else
    is in memory.
    """
    import_ = context.import_
    if _slot.import_id != import_.pk or start < _slot.start:
        names = {name for probe in _probes(context, 0) for name in referred(context.schema, probe)}
        _slot.places = _givers(context, start, names)
        _slot.import_id, _slot.start = import_.pk, start
    return _slot.places


def _givers(context: Context, start: int, names: Collection[Given]) -> Mapping[Given, int]:
    found: dict[Given, int] = {}
    for probe in _probes(context, start):
        for name in given(context.schema, probe):
            if name in names:
                found.setdefault(name, probe.index)
    return found


def _probes(context: Context, start: int) -> Iterator[Row]:
    """Yield what the import's rows name of their own type, from that of index `start` on."""
    import_, schema = context.import_, context.schema
    form, names = CellForm.of(import_.file), own_names(context.schema)
    while start < import_.inputs_size:
        chunk = context.prefetch.fetch(start).chunk
        rows = unread(schema, chunk, start, chunk.rows, format_=import_.format, form=form)
        yield from probes_of(schema, names, rows)
        start = chunk.first_row + chunk.rows
