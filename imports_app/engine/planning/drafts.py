"""A record as a row wants it, before it is known whether it is there already."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from imports_app.engine.reading import Row
from imports_app.importer import RowError


class Match(StrEnum):
    """How a draft finds its record."""

    ID = "id"
    KEY = "key"
    REFERENCE = "reference"
    NONE = "none"


@dataclass(slots=True)
class Draft:
    """A record as a row wants it.

    Attributes:
        fields: values by field (`attname`), only those that the row gives.
        match: how its record is found; one that isn't found is created.
        pk: the record's id where the match is by id.
        missing: what a new record would lack; such a draft can only update.
        children: drafts of the records under it, by attribute.
        tags: the tags that it shall have: ids, and names of new ones; None leaves the record's.
        old_key: what people knew its record by, where the row gives that another key.
    """

    row: Row
    fields: dict[str, Any]
    match: Match
    pk: Any
    missing: Sequence[RowError]
    children: dict[str, list["Draft"]] = field(default_factory=dict)
    tags: set[Any] | None = None
    old_key: str | None = None
