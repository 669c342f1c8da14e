"""What the columns of a draft leave open: what they must have, and could have."""

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
    """Attributes beside those that the file gives.

    Attributes:
        missing: what every new record needs and no column gives.
        every: all of the type, for the selects and to be read about.
    """

    missing: list[str]
    every: list[Attribute]

    @property
    def by_role(self) -> list[tuple[str, list[Attribute]]]:
        """The attributes in groups, each with its title: what is needed is seen in a select."""
        groups = (
            (title, [a for a in self.every if a.role == role]) for role, title in GROUPS.items()
        )
        return [(title, attributes) for title, attributes in groups if attributes]


def needs_of(draft: Draft, chosen: Mapping[str, Choice]) -> Needs:
    """Return what there is to say of the columns as they are chosen."""
    schema = draft.schema
    if schema is None:
        return Needs([], [])
    given = [choice.attribute for choice in chosen.values() if choice.attribute]
    missing = missing_attributes(schema, (name.split(".")[0] for name in given))
    return Needs(list(missing), list(attributes_of(schema)))
