"""An importer compiled for the engine: its columns, its relations, and what finds a record."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from operator import itemgetter
from typing import Any

from django.db import models
from django.db.models import Field, Model, QuerySet

from imports_app.engine.types.columns import Column, columns_of, instructions_of
from imports_app.engine.types.links import REFERENCE, REFERENCE_ORIGIN, Link, links_of
from imports_app.engine.types.many import Many, many_of
from imports_app.engine.types.messages import BLANK
from imports_app.engine.types.uniqueness import unique_names
from imports_app.exceptions import NotRegistered
from imports_app.importer import Importer, RowError
from imports_app.models import ModeModel
from imports_app.registry import importers


@dataclass(frozen=True)
class Child:
    """Records that a row brings along; their foreign key `link` refers to the row's record."""

    attribute: str
    schema: "Schema"
    link: Link


class Schema:
    """What the engine needs to know about a resource type, worked out once.

    Attributes:
        columns: the attributes stored in fields of the model.
        links: the relations.
        instructions: the types of the attributes that aren't stored, by name.
        many: the relations to many records, tags among them, by the attribute that sets them.
    """

    def __init__(self, importer: Importer) -> None:
        self.importer = importer
        self.model: type[Model] = importer.model
        self.pk: Field[Any, Any] = self.model._meta.pk
        self.columns = tuple(columns_of(importer))
        self.links = tuple(links_of(importer))
        self.instructions = instructions_of(importer)
        self.many: Mapping[str, Many] = {many.attribute: many for many in many_of(importer)}

    @cached_property
    def children(self) -> tuple[Child, ...]:
        """The records that a row may bring along."""
        return tuple(_children(self.importer))

    @cached_property
    def parts(self) -> Mapping[str, "Schema"]:
        """The types of the records that a row may bring along, by the attribute that holds them."""
        inline = {
            link.name: schema_for_model(link.relation.to)
            for link in self.links
            if link.relation.inline_among
        }
        return inline | {child.attribute: child.schema for child in self.children}

    @cached_property
    def nested_attributes(self) -> frozenset[str]:
        """The attributes that a row may have besides values of fields and names of targets."""
        inline = {link.name for link in self.links if link.relation.inline_among}
        children = {child.attribute for child in self.children}
        many = {name for one in self.many.values() for name in one.names}
        return frozenset(inline | children | many | self.instructions.keys())

    @cached_property
    def form_attributes(self) -> frozenset[str]:
        """The attributes by which a row can name the targets of its relations."""
        return frozenset(name for link in self.links for name in link.attributes)

    @cached_property
    def own_links(self) -> tuple[Link, ...]:
        """The relations by which rows refer to records of their own type."""
        return tuple(link for link in self.links if link.is_own)

    @cached_property
    def derives(self) -> bool:
        """Whether the importer completes rows from other records."""
        return type(self.importer).derive is not Importer.derive

    @property
    def has_rules(self) -> bool:
        """Whether the importer has rules that span attributes."""
        validate: Any = type(self.importer).validate
        return callable(validate) and validate is not Importer.validate

    @cached_property
    def has_conditions(self) -> bool:
        """Whether what a new record needs depends on the row."""
        return type(self.importer).missing is not Importer.missing

    @cached_property
    def required_fields(self) -> Mapping[str, RowError]:
        """The fields that a new record needs, each with the error of a row that lacks it."""
        columns = {
            column.field.attname: RowError(column.attribute, *BLANK)
            for column in self.columns
            if column.required
        }
        links = {link.field.attname: link.error for link in self.links if link.relation.required}
        return columns | links

    @cached_property
    def cleared(self) -> Mapping[str, Callable[[], Any]]:
        """The defaults that null stands for in fields that can't be null, by field."""
        return {
            column.field.attname: column.field.get_default
            for column in self.columns
            if column.clearable and not column.nullable
        }

    @cached_property
    def by_attribute(self) -> Mapping[str, Column]:
        """The columns by attribute."""
        return {column.attribute: column for column in self.columns}

    @cached_property
    def json_attributes(self) -> frozenset[str]:
        """The attributes that are stored as JSON."""
        return frozenset(
            column.attribute
            for column in self.columns
            if isinstance(column.field, models.JSONField)
        )

    @cached_property
    def links_by_name(self) -> Mapping[str, Link]:
        """The relations by name."""
        return {link.name: link for link in self.links}

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
            if _related_model(importer, attribute) is self.model
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

    @cached_property
    def has_mode(self) -> bool:
        """Whether the records have a mode; a field called `mode` doesn't mean that they do."""
        return issubclass(self.model, ModeModel)

    @property
    def scope_names(self) -> tuple[str, ...]:
        """The fields that scope records, which no row gives."""
        return ("mode",) if self.has_mode else ()

    @property
    def manager(self) -> Any:
        """The manager that finds and writes the records."""
        name = self.importer.manager
        return getattr(self.model, name) if name else self.model._default_manager

    def records(self, mode: str) -> QuerySet[Any]:
        """Return this type's records of this mode, unordered."""
        records: QuerySet[Any] = self.manager.filter(**self.scope(mode)).order_by()
        return records if self.importer.mode in (None, mode) else records.none()

    def scope(self, mode: str) -> dict[str, Any]:
        """Return the filter for this type's records of this mode."""
        return {"mode": mode} if self.has_mode else {}


@cache
def schema_for(importer: Importer) -> Schema:
    """Return the importer's schema; compiled at first use."""
    return Schema(importer)


def schema_for_model(model: type[Model]) -> Schema:
    """Return the schema of the type whose records live in that model."""
    importer = importers.for_model(model)
    if importer is None:
        raise NotRegistered(f"{model.__name__} has no importer")
    return schema_for(importer)


def _children(importer: Importer) -> Iterator[Child]:
    for attribute, name in importer.children.items():
        schema = schema_for_model(_related_model(importer, attribute))
        yield Child(attribute, schema, schema.links_by_name[name])


def _related_model(importer: Importer, attribute: str) -> type[Model]:
    relation: Any = importer.model._meta.get_field(attribute)
    model: type[Model] = relation.related_model
    return model
