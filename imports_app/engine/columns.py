"""An attribute of a row and the field that it is stored in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Required, get_origin, get_type_hints

from django.db.models import Field

from imports_app.importer import Importer

INSTRUCTION = "_"


@dataclass(frozen=True)
class Column:
    """An attribute and the field that it is stored in.

    Attributes:
        hashed: the field holds no more than a hash of it.
    """

    attribute: str
    field: Field[Any, Any]
    hint: Any
    required: bool
    hashed: bool = False

    @property
    def nullable(self) -> bool:
        """Whether null is stored as NULL; otherwise it means the field's default."""
        return self.field.null

    @property
    def clearable(self) -> bool:
        """Whether null is accepted at all."""
        return self.nullable or self.field.has_default()


def columns_of(importer: Importer) -> Iterator[Column]:
    """The importer's attributes that are stored."""
    for name, hint in _hints(importer).items():
        if not name.startswith(INSTRUCTION):
            field: Any = importer.model._meta.get_field(name)
            required = get_origin(hint) is Required
            yield Column(name, field, hint, required, hashed=name in importer.hashed)


def instructions_of(importer: Importer) -> dict[str, Any]:
    """The types of the attributes that say what to do and are stored nowhere, by name."""
    hints = _hints(importer)
    return {name: hint for name, hint in hints.items() if name.startswith(INSTRUCTION)}


def _hints(importer: Importer) -> dict[str, Any]:
    return get_type_hints(importer.Row, include_extras=True)
