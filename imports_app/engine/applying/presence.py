"""Apply `if_exists` and `if_missing` to rows whose record exists, or doesn't."""

from collections.abc import Mapping, Sequence

from imports_app.engine.planning import Draft, Match
from imports_app.engine.types import BASE, DOES_NOT_EXIST, EXISTS, ID, MUST_EXIST, Schema, compact
from imports_app.engine.writers import Written, find
from imports_app.importer import RowError
from imports_app.models import IfExists, IfMissing, Import


class Presence:
    """Skips or fails rows whose record exists, or doesn't.

    It is about the rows' own records; what they bring along follows the row. What `early` rows made
    before their turn was not there before.
    """

    def __init__(
        self, import_: Import, schema: Schema, written: Written, early: Mapping[int, bool]
    ) -> None:
        self._early = early
        self._import = import_
        self._schema = schema
        self._written = written
        self._updates = import_.if_exists == IfExists.UPDATE
        self._creates = import_.if_missing == IfMissing.CREATE

    @property
    def is_default(self) -> bool:
        """Whether rows update the records that are there and create the others."""
        return self._updates and self._creates

    def expect(self, drafts: Sequence[Draft]) -> None:
        """Have the writer report records that aren't there as incomplete, if none may be made."""
        if self._creates:
            return
        for made in drafts:
            # Whether there is a record of a reference is settled before the writer is called.
            missing = () if made.match is Match.REFERENCE else (RowError(BASE, *DOES_NOT_EXIST),)
            made.missing = missing

    def sift(self, drafts: Sequence[Draft]) -> Sequence[Draft]:
        """Return those of a group that are to be written, now that it is their turn."""
        if not self._updates:
            drafts = self._new(drafts)
        if self._creates or not drafts or drafts[0].match is not Match.NONE:
            return drafts
        for made in drafts:
            self.absent(made)
        return []

    def absent(self, made: Draft) -> None:
        """Say of a draft that was reported as incomplete what becomes of its row."""
        if self._import.if_missing == IfMissing.SKIP and made.match is not Match.ID:
            self._skip(made)
        elif self._import.if_missing == IfMissing.FAIL:
            made.row.errors.append(RowError(BASE, *DOES_NOT_EXIST))
        else:
            made.row.errors.extend(made.missing or [RowError(ID, *MUST_EXIST)])

    def _new(self, drafts: Sequence[Draft]) -> Sequence[Draft]:
        """Return those without a record. They match nothing any more: one that somebody else makes
        meanwhile is not theirs to update.
        """
        new = []
        for made, pk in zip(drafts, find(self._schema, self._import.mode, drafts), strict=True):
            if pk is None:
                made.match = Match.NONE
                new.append(made)
            elif made.row.index in self._early:
                new.append(made)
            elif self._import.if_exists == IfExists.SKIP:
                self._skip(made)
                self._written.ids[made.row.index] = compact(pk)
            else:
                made.row.errors.append(RowError(BASE, *EXISTS))
        return new

    def _skip(self, made: Draft) -> None:
        self._written.same.add(made.row.index)
        self._written.skipped.add(made.row.index)
