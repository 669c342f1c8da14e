"""An importer compiled for the engine: its columns, its relations, and what finds a record."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.db import models
from django.db.models import Field, Model, QuerySet

from imports_app.engine.types.columns import instructions_of
from imports_app.engine.types.identity import Identity, related_model
from imports_app.engine.types.links import Link
from imports_app.engine.types.many import Many, many_of
from imports_app.engine.types.messages import BLANK
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


class Schema(Identity):
    """What the engine needs to know about a resource type, worked out once.

    Attributes:
        instructions: the types of the attributes that aren't stored, by name.
        many: the relations to many records, tags among them, by the attribute that sets them.
    """

    def __init__(self, importer: Importer) -> None:
        super().__init__(importer)
        self.pk: Field[Any, Any] = self.model._meta.pk
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

    @property
    def has_before_write(self) -> bool:
        """Whether the importer is called with its rows before they are written."""
        return type(self.importer).before_write is not Importer.before_write

    @property
    def validates_by_model(self) -> bool:
        """Whether the model validates; records that are saved one by one do it by themselves."""
        asked: Any = self.importer.validate
        return asked == "model" and self.importer.write == "bulk"

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
    def json_attributes(self) -> frozenset[str]:
        """The attributes that are stored as JSON."""
        return frozenset(
            column.attribute
            for column in self.columns
            if isinstance(column.field, models.JSONField)
        )

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
        schema = schema_for_model(related_model(importer, attribute))
        yield Child(attribute, schema, schema.links_by_name[name])


def target_records(model: type[Model], mode: str) -> QuerySet[Any]:
    """Return the model's records that rows may refer to in this mode, importer or not."""
    importer = importers.for_model(model)
    if importer is not None:
        return schema_for(importer).records(mode)
    scope = {"mode": mode} if issubclass(model, ModeModel) else {}
    return model._default_manager.filter(**scope).order_by()


def gives_id(schema: Schema) -> bool:
    """Return whether rows give the records' primary key: a code, or a relation's target."""
    given = {column.field for column in schema.columns} | {link.field for link in schema.links}
    return schema.pk in given


def is_plain(schema: Schema) -> bool:
    """Return whether the databases' own writers can write the type: ids are generated, and the
    manager hides no records.
    """
    return not gives_id(schema) and not schema.manager.all().query.where
