"""The attributes that a draft's columns still need, or could have."""

from collections.abc import Mapping
from typing import NamedTuple

from imports_app.admin.drafting.attributes import (
    KEY,
    REQUIRED,
    Attribute,
    attributes_of,
    missing_attributes,
)
from imports_app.admin.drafting.draft import Choice, Draft

GROUPS = {KEY: "Finds the record", REQUIRED: "A new record needs it", "": "Others"}


class Needs(NamedTuple):
    """The attributes of a draft's type.

    Attributes:
        missing: what every new record needs, but no column gives.
        every: all attributes, for the selects and the page's reference.
    """

    missing: list[str]
    every: list[Attribute]

    @property
    def by_role(self) -> list[tuple[str, list[Attribute]]]:
        """The attributes in groups with titles, so that a select shows which of them are needed."""
        groups = (
            (title, [a for a in self.every if a.role == role]) for role, title in GROUPS.items()
        )
        return [(title, attributes) for title, attributes in groups if attributes]


def needs_of(draft: Draft, chosen: Mapping[str, Choice]) -> Needs:
    """Return the needs of the draft, given the choices for its columns."""
    schema = draft.schema
    if schema is None:
        return Needs([], [])
    given = [choice.attribute for choice in chosen.values() if choice.attribute]
    missing = missing_attributes(schema, (name.split(".")[0] for name in given))
    return Needs(list(missing), list(attributes_of(schema)))
