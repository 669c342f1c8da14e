"""The outcome of a batch of rows, before it is recorded."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from imports_app.engine.reading import Rows
from imports_app.engine.writers import Written
from imports_app.models import Import
from imports_app.models.status import Move
from imports_app.storage.groups import Group
from imports_app.storage.log import Failure, Notice


@dataclass(slots=True)
class Kept:
    """What cleanup has to know about a batch's failed rows.

    Attributes:
        records: the ids of the records that they mean.
        unmatched: the number of rows that don't say which record they mean.
    """

    records: list[Any] = field(default_factory=list)
    unmatched: int = 0


@dataclass(frozen=True)
class Outcome:
    """What became of the rows and their records, and the entries for the log.

    Attributes:
        records: the id of each row's record, compact, None for a row that failed.
        new: the indexes of the rows whose record was created.
        same: the indexes of the rows that left their record unchanged.
        changed: what became of records, if the import keeps that.
        changes: what the import's fields hold afterwards, its counts among them.
        move: what the import's status does: it goes on, or ends here.
        early: the indexes of later rows that took effect already, and whether they made a record.
    """

    rows: Rows
    records: Sequence[Any]
    failures: Sequence[Failure]
    notices: Sequence[Notice]
    kept: Kept
    changed: Sequence[Group]
    changes: Mapping[str, Any]
    move: Move
    new: AbstractSet[int] = frozenset()
    same: AbstractSet[int] = frozenset()
    early: Mapping[int, bool] = field(default_factory=dict)


def counts_with(
    import_: Import, written: Written, failures: Sequence[Failure], notices: Sequence[Notice]
) -> dict[str, int]:
    """Return the import's counts with what a batch came to."""
    unchanged = len(written.same)
    processed = written.created + written.updated + unchanged
    return {
        "created_count": import_.created_count + written.created,
        "updated_count": import_.updated_count + written.updated,
        "unchanged_count": import_.unchanged_count + unchanged,
        "processed_count": import_.processed_count + processed,
        "errors_count": import_.errors_count + len(failures),
        "warnings_count": import_.warnings_count + len(notices),
    }
