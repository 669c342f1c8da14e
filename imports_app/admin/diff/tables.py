"""Changed records as tables, one for each type: a line is a record, a column an attribute."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.text import Truncator

from imports_app.outputs.changes import Entry
from imports_app.storage.groups import Action

MAX_CHARACTERS = 200


class Cell(NamedTuple):
    """A value before and after the change, as text; None for no value. Secrets have neither."""

    before: str | None
    after: str | None

    @property
    def is_hidden(self) -> bool:
        """Whether it is a secret that changed."""
        return self.before is None and self.after is None


class Line(NamedTuple):
    """A record: its row, its page if it has one, and a cell for each column of the table."""

    entry: Entry
    address: str | None
    cells: list[tuple[str, Cell | None]]


class Table(NamedTuple):
    """The records of one type."""

    resource_type: str
    columns: list[str]
    lines: list[Line]


def tables(entries: Iterable[Entry]) -> list[Table]:
    """Return a table for each type; columns are in the order of their first appearance."""
    by_type: dict[str, list[Entry]] = {}
    for entry in entries:
        by_type.setdefault(entry.resource_type, []).append(entry)
    return [_table(name, some) for name, some in by_type.items()]


def cells_of(entry: Entry) -> dict[str, Cell]:
    """Return a record's changes, by attribute."""
    return {
        name: Cell(as_text(before), as_text(after))
        for name, (before, after) in entry.changes.items()
    }


def as_text(value: Any) -> str | None:
    """Return a value as staff read it. Only the beginning of a long one is shown."""
    if value is None:
        return None
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return Truncator(text).chars(MAX_CHARACTERS)


def address_of(model: type[Model], pk: str) -> str | None:
    """Return the URL of a record's staff page; None if its type has none."""
    opts = model._meta
    try:
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[pk])
    except NoReverseMatch:
        return None


def _table(name: str, entries: list[Entry]) -> Table:
    columns = list(dict.fromkeys(attribute for entry in entries for attribute in entry.changes))
    return Table(name, columns, [_line(entry, columns) for entry in entries])


def _line(entry: Entry, columns: list[str]) -> Line:
    is_there = entry.action is Action.UPDATED or (
        entry.action is Action.CREATED and entry.record_id is not None
    )
    cells = cells_of(entry)
    return Line(
        entry,
        address_of(entry.model, entry.pk) if is_there else None,
        [(column, cells.get(column)) for column in columns],
    )
