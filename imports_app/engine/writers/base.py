"""What every writer does: create or update many records at once, and say what became of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from django.db import Error

from imports_app.engine.planning import Draft, Drafts
from imports_app.engine.types import Schema, expand
from imports_app.storage.groups import Group

Meanwhile = Callable[[], None]


def nothing() -> None:
    """Do nothing while the database works."""


@dataclass
class Written:
    """What became of the drafts.

    Attributes:
        ids: row index → the record's id, compact, of the rows that took effect.
        new: the indexes of the rows whose record was created.
        same: the indexes of the rows whose record was as they say already.
        skipped: the indexes of those of them that left it at that, whatever they say.
        changes: what became of each record, for imports that keep it; without keys as a writer
            returns them.
        incomplete: drafts that found no record and lack what a new one needs.
    """

    created: int = 0
    updated: int = 0
    ids: dict[int, Any] = field(default_factory=dict)
    new: set[int] = field(default_factory=set)
    same: set[int] = field(default_factory=set)
    skipped: set[int] = field(default_factory=set)
    changes: list[Group] = field(default_factory=list)
    incomplete: list[Draft] = field(default_factory=list)

    @cached_property
    def records(self) -> Mapping[int, Any]:
        """The ids as foreign keys hold them. To be asked for once nothing is added any more."""
        return {index: expand(pk) for index, pk in self.ids.items()}

    def changed_after_all(self, indexes: set[int]) -> set[int]:
        """Count these as updated whose own record was the same; return which they are."""
        changed = self.same & indexes
        self.same -= changed
        self.updated += len(changed)
        return changed

    def add(self, other: "Written") -> None:
        """Count the other's records too."""
        self.created += other.created
        self.updated += other.updated
        self.ids.update(other.ids)
        self.new.update(other.new)
        self.same.update(other.same)
        self.skipped.update(other.skipped)
        self.changes.extend(other.changes)
        self.incomplete.extend(other.incomplete)


class Writer(Protocol):
    """Writes drafts of one type and mode.

    A draft whose record exists updates it in the fields it gives, if that changes anything; one
    without a record creates it, other fields getting their defaults; one that lacks what a new
    record needs is incomplete. Raises django.db.Error if the database refuses any of them: the
    caller holds a transaction and rolls back.

    `meanwhile` is called while the database works in a process of its own, perhaps never.
    """

    def __init__(self, schema: Schema, mode: str, meanwhile: Meanwhile = nothing) -> None: ...

    def begin(self) -> None:
        """Prepare the transaction; called once, first, in each that writes."""
        ...

    def lay_out(self, drafts: Drafts) -> None:
        """Do what of `write` can be done before their turn. Asks the database nothing."""
        ...

    def keeps(self, drafts: Drafts) -> bool:
        """Return whether `write` can tell what the drafts change, for these."""
        ...

    def write(self, drafts: Drafts, *, keep: bool = False) -> Written:
        """Create or update the drafts' records; tell what that changed if it is to be kept."""
        ...

    def refused(self, drafts: Drafts) -> Mapping[int, Error]:
        """Write the drafts in turn, and return the errors of those that the database refuses, by
        place, if it finds them sooner than tries of `write` would; the caller rolls back.
        """
        ...

    def restore(self, group: Group) -> Sequence[int]:
        """Put records back that are as an import left them, where many can be at once; return
        their places in the group that tells the import's updates.
        """
        ...


class PortableWriter:
    """What writers for any database have in common: they can do none of what is optional."""

    def begin(self) -> None:
        """See Writer."""

    def lay_out(self, drafts: Drafts) -> None:
        """See Writer."""

    def keeps(self, _: Drafts) -> bool:
        """See Writer: it can't."""
        return False

    def refused(self, _: Drafts) -> Mapping[int, Error]:
        """See Writer: it can't."""
        return {}

    def restore(self, _: Group) -> Sequence[int]:
        """See Writer: it can't."""
        return ()
