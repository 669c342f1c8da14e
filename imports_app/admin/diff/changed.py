"""The records that an import changed, page by page. No page needs the earlier ones to be read."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from imports_app.admin.diff.tabs import ACTIONS, Tab
from imports_app.models import Import
from imports_app.models.keyset import in_pages
from imports_app.outputs.changes import Entry, merged, work_out
from imports_app.storage.changes import AT_A_TIME, opened
from imports_app.storage.lines import lines_at

RECORDS_A_PAGE = 50
CURSOR = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})")


class Cursor(NamedTuple):
    """Where a page begins: a transaction, and the place of a change in it."""

    number: int = 0
    place: int = 0

    @classmethod
    def of(cls, text: str) -> "Cursor":
        """Return the cursor that a URL names, or else the cursor of the beginning."""
        found = CURSOR.fullmatch(text)
        return cls(*map(int, found.groups())) if found else cls()

    def __str__(self) -> str:
        return f"{self.number}.{self.place}"


Placed = tuple[Cursor, Entry]


class Page(NamedTuple):
    """Changes with their values. `following` is where the next page begins; None at the end."""

    entries: list[Entry]
    following: Cursor | None


def page_of(import_: Import, tab: Tab, start: Cursor, key: str) -> Page:
    """Return the page that begins at `start`. Keys of its records contain `key`, in any case.

    Raises the errors of outputs.unreadable.UNREADABLE.
    """
    found = _fitting(changes_from(import_, tab, start), key)
    some = list(islice(found, RECORDS_A_PAGE + 1))
    following = some[RECORDS_A_PAGE][0] if len(some) > RECORDS_A_PAGE else None
    entries = [entry for _, entry in some[:RECORDS_A_PAGE]]
    work_out(entries)
    lines = lines_at(import_.pk, [entry.index for entry in entries if entry.index is not None])
    for entry in entries:
        entry.line = None if entry.index is None else lines.get(entry.index)
    return Page(entries, following)


def changes_from(import_: Import, tab: Tab, start: Cursor) -> Iterator[Placed]:
    """Yield the tab's changes from `start` on, each with its place but without values."""
    action = ACTIONS[tab]
    some = import_.kept_changes.filter(number__gte=start.number, **{f"{action}__gt": 0})
    for kept in in_pages(some, "number", AT_A_TIME):
        for place, entry in enumerate(merged(import_, opened(kept))):
            if entry.action is action and (kept.number, place) >= start:
                yield Cursor(kept.number, place), entry


def _fitting(found: Iterator[Placed], key: str) -> Iterator[Placed]:
    wanted = key.casefold()
    return (each for each in found if wanted in (each[1].key or "").casefold())
