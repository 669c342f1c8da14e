"""What a batch of rows came to, before anybody writes it down."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from imports_app.engine.reading import Row
from imports_app.engine.writers import Written
from imports_app.models import Import
from imports_app.storage.log import Failure, Notice


@dataclass(slots=True)
class Kept:
    """What cleanup has to know of a batch's failed rows.

    Attributes:
        records: the ids of the records they stand for.
        unmatched: how many don't say which record they mean.
    """

    records: list[Any] = field(default_factory=list)
    unmatched: int = 0


@dataclass(frozen=True)
class Outcome:
    """The rows, what became of their records, and what is to be said of them.

    Attributes:
        stops: the last row is one failure too many, so the import ends there.
    """

    rows: Sequence[Row]
    written: Written
    failures: Sequence[Failure]
    notices: Sequence[Notice]
    kept: Kept
    stops: bool

    @property
    def records(self) -> list[Any]:
        """The id of each row's record, None for a row that failed."""
        return [self.written.records.get(row.index) for row in self.rows]

    def counts(self, import_: Import) -> dict[str, int]:
        """The import's counts with this batch."""
        written = self.written
        processed = written.created + written.updated + written.unchanged
        return {
            "created_count": import_.created_count + written.created,
            "updated_count": import_.updated_count + written.updated,
            "unchanged_count": import_.unchanged_count + written.unchanged,
            "processed_count": import_.processed_count + processed,
            "errors_count": import_.errors_count + len(self.failures),
            "warnings_count": import_.warnings_count + len(self.notices),
        }
