"""Drafts: records as rows want them, before it is known whether they exist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from imports_app.engine.reading import Row
from imports_app.importer import RowError

Fields = dict[str, Any]


class Match(StrEnum):
    """How a draft finds its record."""

    ID = "id"
    KEY = "key"
    REFERENCE = "reference"
    NONE = "none"


@dataclass(slots=True)
class Draft:
    """A record as a row wants it, before it is known whether it exists.

    Attributes:
        fields: values by field (`attname`), only those that the row gives.
        match: how its record is found; one that isn't found is created.
        pk: the record's id where the match is by id.
        missing: required attributes that the row lacks; with any, the draft can only update.
        children: drafts of the records under it, by attribute.
        many: by attribute, the targets that it shall have, tags for instance: ids, and names of new
            ones; what isn't there leaves the record's.
        old_key: what people knew its record by, where the row gives that another key.
    """

    row: Row
    fields: Fields
    match: Match
    pk: Any
    missing: Sequence[RowError]
    children: dict[str, list["Draft"]] = field(default_factory=dict)
    many: Mapping[str, set[Any]] | None = None
    old_key: str | None = None


class Drafts(Sequence[Draft]):
    """Drafts that a writer takes at once, in columns: all match alike, each another record.

    An object of a draft is made only when one is asked for, a new one each time.

    Attributes:
        rows: their rows.
        indexes: the index of each one's row.
        fields: the values of each, by field (`attname`), only those that its row gives.
        missing: what a new record would lack, by place, of those that lack something.
        pks: the ids of their records where they match by id.
        shapes: the fields that each of them gives.
        laid_out: what a writer has made of them before their turn came.
    """

    def __init__(  # noqa: PLR0913, PLR0917  (a column each)
        self,
        match: Match,
        rows: Sequence[Row],
        indexes: Sequence[int],
        fields: Sequence[Fields],
        missing: Mapping[int, Sequence[RowError]],
        pks: Sequence[Any] = (),
    ) -> None:
        self.match = match
        self.rows = rows
        self.indexes = indexes
        self.fields = fields
        self.missing = missing
        self.pks = pks
        self.shapes = [*map(tuple, fields)]
        self.laid_out: Any = None

    @classmethod
    def of(cls, drafts: Sequence[Draft]) -> "Drafts":
        """Take single drafts together, at least one."""
        match = drafts[0].match
        return cls(
            match,
            [made.row for made in drafts],
            [made.row.index for made in drafts],
            [made.fields for made in drafts],
            {place: made.missing for place, made in enumerate(drafts) if made.missing},
            [made.pk for made in drafts] if match is Match.ID else (),
        )

    def __len__(self) -> int:
        return len(self.fields)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        return Draft(
            self.rows[place],
            self.fields[place],
            self.match,
            self.pks[place] if self.pks else None,
            self.missing.get(place, ()),
        )
