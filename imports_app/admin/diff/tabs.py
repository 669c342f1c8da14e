"""The tabs of the diff: what became of rows and records, with their counts."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from imports_app.models import Import
from imports_app.storage.groups import Action


class Tab(StrEnum):
    """A tab; the value is its name in URLs."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    DESTROYED = "destroyed"


# The kept changes that each tab shows. The column of KeptChanges that counts them has that name.
ACTIONS = {
    Tab.NEW: Action.CREATED,
    Tab.CHANGED: Action.UPDATED,
    Tab.DESTROYED: Action.DESTROYED,
}
# The first tab in this order that isn't empty is open: what needs attention comes first.
FIRST = (Tab.FAILED, Tab.DESTROYED, Tab.CHANGED, Tab.NEW, Tab.UNCHANGED)
TONES = {Tab.NEW: "created", Tab.CHANGED: "updated"}
LABELS = {Tab.NEW: "New", Tab.CHANGED: "Changed"}
LABELS_OF_UNDO = {
    Tab.NEW: "Made again",
    Tab.CHANGED: "Put back",
    Tab.UNCHANGED: "Left as they are",
}


class Choice(NamedTuple):
    """A tab that is offered, and its count. The CSS class of its colour ends with `tone`."""

    tab: Tab
    label: str
    total: int
    tone: str


def choices(import_: Import) -> list[Choice]:
    """Return every tab with the number of its rows; for Destroyed, with the number of records."""
    return [
        Choice(tab, _label(import_, tab), count, TONES.get(tab, tab.value))
        for tab, count in _counts(import_)
    ]


def chosen(import_: Import, text: str) -> Tab:
    """Return the tab of that name. For any other text, return the first tab that isn't empty."""
    if text in list(Tab):
        return Tab(text)
    counts = dict(_counts(import_))
    return next((tab for tab in FIRST if counts[tab]), Tab.NEW)


def _counts(import_: Import) -> Iterator[tuple[Tab, int]]:
    # An undo counts what it destroyed as unchanged, too.
    twice = import_.destroyed_count if import_.is_undo else 0
    yield Tab.NEW, import_.created_count
    yield Tab.CHANGED, import_.updated_count
    yield Tab.UNCHANGED, import_.unchanged_count - twice
    yield Tab.FAILED, import_.errors_count
    yield Tab.DESTROYED, import_.destroyed_count


def _label(import_: Import, tab: Tab) -> str:
    own = LABELS_OF_UNDO if import_.is_undo else LABELS
    return own.get(tab, tab.value.capitalize())
