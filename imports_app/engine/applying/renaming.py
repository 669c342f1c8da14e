"""Notices that a row with an `id` gave its record another key: of another system, perhaps."""

from collections.abc import Iterator, Sequence
from typing import Any

from imports_app.engine.holding import Context
from imports_app.engine.planning import Draft, Match
from imports_app.engine.reading import row_key
from imports_app.engine.types import Schema
from imports_app.storage.log import Notice

MESSAGE = "the record of this id had the key {key} before"


def note_keys(schema: Schema, drafts: Sequence[Draft]) -> None:
    """Notes in each draft that changes a key what people knew the record by.

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


def renamed(context: Context, drafts: Sequence[Draft]) -> Iterator[Notice]:
    """A warning at each row that took effect and changed a key, its children's too."""
    for made in drafts:
        if not made.row.errors and (made.old_key or made.children):
            for path, key in _old_keys(made, ""):
                message = f"{path}{MESSAGE.format(key=key)}"
                yield Notice(made.row.index, row_key(context.schema, made.row), message)


def _old_keys(made: Draft, path: str) -> Iterator[tuple[str, Any]]:
    if made.old_key:
        yield path and f"{path}: ", made.old_key
    for attribute, inner in made.children.items():
        for place, child in enumerate(inner):
            yield from _old_keys(child, f"{path}{attribute}[{place}]")
