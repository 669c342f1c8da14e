"""A row on its way to the database, with what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec

from imports_app.engine.reading.many_edits import ManyEdit
from imports_app.engine.types import Child
from imports_app.importer import RowError

_as_attributes = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)


@dataclass(slots=True)
class Row:
    """One of the inputs.

    Attributes:
        index: its place in the inputs, from 0.
        raw: its JSON text; of a CSV row, what its cells were cast to.
        values: the attributes that are present, validated; empty if the row failed.
        errors: everything that is wrong with it; a row with errors changes nothing.
        unknown: the columns of a CSV row that its type doesn't know, which are left out of it.
        dotted: the cells of a CSV row's dotted columns, as objects by attribute.
        parts: what else it brings: children, tags, an inline target, instructions.
        decoded: its attributes as they were sent, once somebody has asked for them.
    """

    index: int
    raw: msgspec.Raw
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    unknown: Sequence[str] = ()
    dotted: Mapping[str, Any] | None = None
    parts: "Parts | None" = None
    decoded: dict[str, Any] | None = None

    @property
    def sent(self) -> dict[str, Any]:
        """Its attributes as they were sent, whatever is wrong with them; {} if unreadable.

        Numbers with a point are Decimals, as exact as the text.
        """
        if self.decoded is None:
            self.decoded = _decoded(self.raw)
        return self.decoded

    @property
    def instructions(self) -> dict[str, Any]:
        """The attributes that begin with `_`."""
        return self.parts.instructions if self.parts else {}


@dataclass(slots=True)
class Parts:
    """What a row brings besides values of its own record's fields.

    Attributes:
        children: their rows, by attribute; the index of each is its place in the array.
        inline: the targets that are given as objects, by relation.
        many: what it says of many targets at once, tags for instance, by attribute.
    """

    instructions: dict[str, Any]
    children: dict[str, list[Row]]
    inline: dict[str, Row]
    many: dict[str, ManyEdit]


def _decoded(raw: msgspec.Raw) -> dict[str, Any]:
    try:
        return _as_attributes.decode(raw)
    except (msgspec.DecodeError, RecursionError, ArithmeticError):
        return {}


def parts_of(row: Row, child: Child) -> list[Row]:
    """Return the rows of the children that the row brings along."""
    return row.parts.children.get(child.attribute, []) if row.parts else []


def lift(part: Row, row: Row, path: str) -> None:
    """Move a part's errors to the row that it stands in."""
    for attribute, code, message in part.errors:
        row.errors.append(RowError(f"{path}.{attribute}", code, message))
    part.errors = []
