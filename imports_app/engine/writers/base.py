"""What every writer does: create or update many records at once, and say what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from imports_app.engine.plan import Draft
from imports_app.engine.schema import Schema


@dataclass(slots=True)
class Written:
    """What became of the drafts.

    Attributes:
        records: row index → the record's id, of the rows that took effect.
        incomplete: drafts that found no record and lack what a new one needs.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    records: dict[int, Any] = field(default_factory=dict)
    incomplete: list[Draft] = field(default_factory=list)

    def add(self, other: "Written") -> None:
        """Counts the other's records too."""
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.records.update(other.records)
        self.incomplete.extend(other.incomplete)


class Writer(Protocol):
    """Writes drafts of one type and mode.

    The drafts of a call all match in the same way and no two can be the same record. A draft
    whose record exists updates it in the fields it gives, if that changes anything; one without
    a record creates it, other fields getting their defaults; one that lacks what a new record
    needs is incomplete. Raises django.db.Error if the database refuses any of them: the caller
    holds a transaction and rolls back.
    """

    def __init__(self, schema: Schema, mode: str) -> None: ...

    def begin(self) -> None:
        """Called once, first, in each transaction that writes."""
        ...

    def write(self, drafts: Sequence[Draft]) -> Written:
        """Creates or updates the drafts' records."""
        ...
