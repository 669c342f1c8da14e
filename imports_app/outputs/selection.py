"""Some of an import's changes: all are counted, and only those made into entries that are shown."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from imports_app.models import Import
from imports_app.outputs.changes import Entry, action_of, merged, with_values
from imports_app.storage.changes import transactions
from imports_app.storage.groups import Group
from imports_app.storage.lines import lines_between

Test = Callable[[str], bool]


@dataclass(frozen=True)
class Conditions:
    """What holds for the changes that are wanted.

    Attributes:
        action, key: what these have to pass; a key that is not known is an empty text.
    """

    action: Sequence[Test] = ()
    key: Sequence[Test] = ()

    def hold_for(self, entry: Entry) -> bool:
        """Return whether the entry is wanted."""
        return _passes(entry.action, self.action) and _passes(entry.key, self.key)

    def count(self, group: Group) -> int:
        """Return how many of the group's changes are wanted."""
        if not _passes(action_of(group), self.action):
            return 0
        return sum(_passes(key, self.key) for key in group.keys) if self.key else len(group)


def _passes(text: str | None, tests: Sequence[Test]) -> bool:
    return all(test(text or "") for test in tests)


NONE = Conditions()


@dataclass(slots=True)
class Transaction:
    """The changes of one of the import's transactions.

    Attributes:
        first: the number of the first one among the import's changes.
        count: how many there are, and `wanted` of them are wanted.
    """

    import_: Import
    groups: Sequence[Group]
    first: int
    count: int
    wanted: int

    def entries(self, conditions: Conditions) -> list[Entry]:
        """Return those that are wanted."""
        found = merged(self.import_, self.groups)
        for number, entry in enumerate(found, self.first):
            entry.number = number
        chosen = [entry for entry in found if conditions.hold_for(entry)]
        indexes = [entry.index for entry in chosen if entry.index is not None]
        if indexes:
            lines = lines_between(self.import_.pk, min(indexes), max(indexes))
            for entry in chosen:
                entry.line = None if entry.index is None else lines.get(entry.index)
        return chosen


def entries(import_: Import, conditions: Conditions = NONE) -> Iterator[Entry]:
    """Yield the changes in the order of rows, children after their row, in flat memory.

    Raises those of unreadable.UNREADABLE.
    """
    for each in _transactions(import_, conditions):
        if each.wanted:
            yield from with_values(each.entries(conditions))


def page_of(
    import_: Import, conditions: Conditions, start: int, size: int
) -> tuple[list[Entry], int]:
    """Return the entries from that place on, and how many there are of them in all.

    As `entries` does it; of other transactions than those of the page none is made.
    """
    page: list[Entry] = []
    count = 0
    for each in _transactions(import_, conditions):
        first, end = max(start - count, 0), start + size - count
        if first < min(each.wanted, end):
            page += with_values(each.entries(conditions)[first:end])
        count += each.wanted
    return page, count


def _transactions(import_: Import, conditions: Conditions) -> Iterator[Transaction]:
    first = 0
    for groups in transactions(import_):
        each = _counted(import_, groups, first, conditions)
        yield each
        first += each.count


def _counted(
    import_: Import, groups: Sequence[Group], first: int, conditions: Conditions
) -> Transaction:
    if _meet(groups):
        found = merged(import_, groups)
        wanted = sum(map(conditions.hold_for, found))
        return Transaction(import_, groups, first, len(found), wanted)
    wanted = sum(map(conditions.count, groups))
    return Transaction(import_, groups, first, sum(map(len, groups)), wanted)


def _meet(groups: Sequence[Group]) -> bool:
    """Return whether a row and record are in two of the groups, so that they are one change."""
    by_model = groupby(sorted(groups, key=_model), key=_model)
    return any(_have_in_common([*some]) for _, some in by_model)


def _model(group: Group) -> str:
    return group.model


def _have_in_common(groups: Sequence[Group]) -> bool:
    if len(groups) == 1:
        return False
    rows = [{*group.indexes} for group in groups]
    if len(set().union(*rows)) == sum(map(len, rows)):
        return False
    both = [{*zip(group.indexes, group.pks, strict=True)} for group in groups]
    return len(set().union(*both)) < sum(map(len, both))
