"""By what rows of a type find their records: the key, or else the reference."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any

from django.db.models import Field, Model, UniqueConstraint

from imports_app.engine.types.columns import Column, columns_of
from imports_app.engine.types.links import REFERENCE, REFERENCE_ORIGIN, Link, links_of
from imports_app.importer import Importer
from imports_app.models import ModeModel
from imports_app.registry import importers


class Identity:
    """By what the records of a resource type are told apart, and rows find them. A part of Schema.

    Attributes:
        columns: the attributes stored in fields of the model.
        links: the relations.
    """

    def __init__(self, importer: Importer) -> None:
        self.importer = importer
        self.model: type[Model] = importer.model
        self.columns = tuple(columns_of(importer))
        self.links = tuple(links_of(importer))

    @cached_property
    def by_attribute(self) -> Mapping[str, Column]:
        """The columns by attribute."""
        return {column.attribute: column for column in self.columns}

    @cached_property
    def links_by_name(self) -> Mapping[str, Link]:
        """The relations by name."""
        return {link.name: link for link in self.links}

    @cached_property
    def has_mode(self) -> bool:
        """Whether the records have a mode; a field called `mode` doesn't mean that they do."""
        return issubclass(self.model, ModeModel)

    @property
    def scope_names(self) -> tuple[str, ...]:
        """The fields that scope records, which no row gives."""
        return ("mode",) if self.has_mode else ()

    @cached_property
    def key_fields(self) -> "tuple[Field[Any, Any], ...]":
        """The fields that together find a record within its mode."""
        return tuple(self.model._meta.get_field(name) for name in self.importer.key)  # type: ignore[misc]

    @cached_property
    def key_names(self) -> tuple[str, ...]:
        """The key as field names (`attname`)."""
        return tuple(field.attname for field in self.key_fields)

    @cached_property
    def other_unique_names(self) -> tuple[tuple[str, ...], ...]:
        """The sets of fields that must be unique within a mode besides the key (`attname`s)."""
        return unique_names(self.model, key=self.key_names, besides=self.scope_names)

    @cached_property
    def found_by(self) -> tuple[str, ...]:
        """The fields by which a row without an `id` finds its record: the key, or the reference."""
        if self.key_names or REFERENCE not in self.by_attribute:
            return self.key_names
        return (REFERENCE,)

    @cached_property
    def reference_scope(self) -> tuple[str, ...]:
        """The fields within which a reference stands for a record of a type without a key."""
        return (*self.owners, *({REFERENCE_ORIGIN} & self.by_attribute.keys()))

    @cached_property
    def owners(self) -> tuple[str, ...]:
        """The foreign keys by which records belong to others: to a parent, or to the record of
        which they are children.
        """
        owners = {
            name
            for importer in importers
            for attribute, name in importer.children.items()
            if related_model(importer, attribute) is self.model
        }
        owners |= {self.importer.parent} if self.importer.parent else set()
        return tuple(link.field.attname for link in self.links if link.name in owners)

    @cached_property
    def needed_key_names(self) -> tuple[str, ...]:
        """The parts of the key without which a row doesn't name its record."""
        return tuple(field.attname for field in self.key_fields if not field.null)

    @cached_property
    def natural_key_paths(self) -> tuple[str, ...]:
        """ORM paths to what people call a record within its parent: a price's is `sku__code`."""
        names = (name for name in self.importer.key if name != self.importer.parent)
        return tuple(self._natural_path(name) for name in names)

    @cached_property
    def full_key_paths(self) -> tuple[str, ...]:
        """The same with the parent; for a type without a key, its reference."""
        return tuple(self._natural_path(name) for name in self.importer.key or self.found_by)

    def _natural_path(self, name: str) -> str:
        link = self.links_by_name.get(name)
        if link is None or link.key_form is None:
            return name
        return f"{name}__{link.key_form.lookup}"

    @cached_property
    def key_of(self) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        """What returns the key from a draft's fields."""
        names = self.key_names
        if len(names) > 1:
            return itemgetter(*names)
        if not names:
            return lambda _: ()
        (name,) = names
        return lambda fields: (fields[name],)


def related_model(importer: Importer, attribute: str) -> type[Model]:
    relation: Any = importer.model._meta.get_field(attribute)
    model: type[Model] = relation.related_model
    return model


def unique_names(
    model: type[Model], *, key: Sequence[str], besides: Collection[str]
) -> tuple[tuple[str, ...], ...]:
    """Return the sets of fields that must be unique besides the key, as field names (`attname`).

    The fields named in `besides` are left out: they are the same for all records of an import.
    """
    fields = model._meta.concrete_fields
    sets: list[tuple[str, ...]] = [(f.attname,) for f in fields if f.unique and not f.primary_key]
    sets += [_attnames(model, names, besides) for names in model._meta.unique_together]
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.fields:
            names = _attnames(model, constraint.fields, besides)
            # Under a condition, a part of the key is the key of records without the rest.
            if not (constraint.condition and {*names} <= {*key}):
                sets.append(names)
    return tuple(names for names in dict.fromkeys(sets) if {*names} != {*key})


def _attnames(
    model: type[Model], names: Iterable[str], besides: Collection[str]
) -> tuple[str, ...]:
    fields = (model._meta.get_field(name) for name in names)
    return tuple(f.attname for f in fields if f.name not in besides)  # type: ignore[union-attr]
