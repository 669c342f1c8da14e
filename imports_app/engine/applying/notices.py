"""The warnings of a batch: what a client should know about rows that took effect."""

from collections.abc import Iterator, Sequence
from typing import Any

from imports_app.engine.holding import Context
from imports_app.engine.planning import Draft, Drafts, Match
from imports_app.engine.reading import Rows, row_key
from imports_app.engine.types import Schema
from imports_app.engine.writers import Written
from imports_app.storage.log import Notice

RENAMED = "the record of this id had the key {key} before"


def notices_of(
    context: Context, rows: Rows, drafts: Sequence[Draft], written: Written
) -> list[Notice]:
    """Return the warnings about these rows."""
    return [
        *_of_file(context, rows),
        *_ignored_columns(context, rows),
        *(() if isinstance(drafts, Drafts) else _renamed(context, drafts)),
        *_repeats(context, rows, written),
    ]


def note_keys(schema: Schema, drafts: Sequence[Draft]) -> None:
    """Note the record's old natural key in each draft that changes it.

    Called when their turn has come. One query, none where no draft with an id gives a key.
    """
    found_by = {*schema.found_by}
    named = {
        made.pk: made
        for made in drafts
        if made.match is Match.ID and not found_by.isdisjoint(made.fields)
    }
    if not named:
        return
    records = schema.model._base_manager.filter(pk__in=named).order_by()
    width = len(schema.found_by)
    for pk, *values in records.values_list("pk", *schema.found_by, *schema.full_key_paths):
        made, old = named[pk], dict(zip(schema.found_by, values[:width], strict=True))
        if any(made.fields.get(name, part) != part for name, part in old.items()):
            made.old_key = "/".join(str(part) for part in values[width:] if part is not None)


def _of_file(context: Context, rows: Rows) -> Iterator[Notice]:
    """Yield, with the first row, the warnings from when the file was read."""
    file = context.import_.file
    if file and rows.first == 0:
        yield from (Notice(None, None, message) for message in file.get("notices", ()))


def _ignored_columns(context: Context, rows: Rows) -> Iterator[Notice]:
    """Yield a warning for each column that these rows have first; it concerns the whole import."""
    made = [rows.made[place] for place in sorted(rows.made)]
    columns = dict.fromkeys(column for row in made for column in row.unknown)
    for column in columns:
        message = f"the column {column} is unknown and was ignored"
        if message not in context.warned:
            yield Notice(None, None, message)


def _renamed(context: Context, drafts: Sequence[Draft]) -> Iterator[Notice]:
    """Yield a warning at each row that took effect and changed a key, its children's too."""
    for made in drafts:
        if not made.row.errors and (made.old_key or made.children):
            for path, key in _old_keys(made, ""):
                message = f"{path}{RENAMED.format(key=key)}"
                yield Notice(made.row.index, row_key(context.schema, made.row), message)


def _old_keys(made: Draft, path: str) -> Iterator[tuple[str, Any]]:
    if made.old_key:
        yield path and f"{path}: ", made.old_key
    for attribute, inner in made.children.items():
        for place, child in enumerate(inner):
            yield from _old_keys(child, f"{path}{attribute}[{place}]")


def _repeats(context: Context, rows: Rows, written: Written) -> Iterator[Notice]:
    """Yield a warning at each row whose record an earlier row has named."""
    ids = written.ids
    # No batch before has seen what this one made, unless that is a row which took effect early.
    new = () if context.early else written.new
    old = [pk for index, pk in ids.items() if index not in new]
    if len({*ids.values()}) == len(ids) and not context.seen.has_any(old):
        return
    here: dict[Any, int] = {}
    for row in rows:
        if (pk := ids.get(row.index)) is None:
            continue
        earlier = here.get(pk, context.seen.get(pk))
        if earlier is not None:
            message = _same(context, earlier, row.index)
            yield Notice(row.index, row_key(context.schema, row), message)
        here[pk] = row.index


def _same(context: Context, earlier: int, later: int) -> str:
    """Return that these rows are the same record, by their lines, too, if they came as a file."""
    message = f"inputs[{earlier}] and inputs[{later}] are the same record"
    lines = [context.lines.at(index) for index in (earlier, later)]
    return message if None in lines else "{} (lines {} and {})".format(message, *lines)
