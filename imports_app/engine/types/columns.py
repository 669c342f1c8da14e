"""An attribute of a row and the field that it is stored in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Required, get_origin, get_type_hints

from django.db.models import EmailField, Field

from imports_app.engine.types.links import REFERENCE, REFERENCE_ORIGIN
from imports_app.importer import Importer
from imports_app.registry import importers

INSTRUCTION = "_"


@dataclass(frozen=True)
class Column:
    """An attribute and the field that it is stored in.

    Attributes:
        hashed: whether the field holds only a hash of it.
        is_name: whether records are named by it: then it is stored and compared in the form of
            names.py.
    """

    attribute: str
    field: "Field[Any, Any]"
    hint: Any
    required: bool
    hashed: bool = False
    is_name: bool = False

    @property
    def nullable(self) -> bool:
        """Whether null is stored as NULL; otherwise it means the field's default."""
        return self.field.null

    @property
    def clearable(self) -> bool:
        """Whether null is accepted at all."""
        return self.nullable or self.field.has_default()


def columns_of(importer: Importer) -> Iterator[Column]:
    """Yield the importer's attributes that are stored."""
    names = {*importer.key, *_names_by_others(importer), REFERENCE, REFERENCE_ORIGIN}
    for name, hint in _hints(importer).items():
        if not name.startswith(INSTRUCTION):
            field: Any = importer.model._meta.get_field(name)
            required = get_origin(hint) is Required
            yield Column(
                name,
                field,
                hint,
                required,
                hashed=name in importer.hashed,
                is_name=name in names or isinstance(field, EmailField),
            )


def _names_by_others(importer: Importer) -> Iterator[str]:
    """Yield the fields, besides the key, by which other types' relations name its records."""
    for other in importers:
        for relation in other.relations.values():
            if relation.to is importer.model:
                yield from relation.by_fields


def instructions_of(importer: Importer) -> dict[str, Any]:
    """Return the types of the instructions, by name: attributes that aren't stored."""
    hints = _hints(importer)
    return {name: hint for name, hint in hints.items() if name.startswith(INSTRUCTION)}


def _hints(importer: Importer) -> dict[str, Any]:
    return get_type_hints(importer.Row, include_extras=True)
