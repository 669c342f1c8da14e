"""An importer compiled for the engine: columns, relation forms, and a validator of rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from operator import itemgetter
from typing import Any, get_type_hints

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Field, Model, QuerySet
from pydantic_core import SchemaValidator

from imports_app.engine.messages import BLANK, MUST_EXIST
from imports_app.engine.row_type import adapter, is_required
from imports_app.exceptions import NotRegistered
from imports_app.importer import Importer, Relation, RowError
from imports_app.registry import importers

REFERENCE = "reference"


@dataclass(frozen=True)
class Column:
    """An attribute and the field that it is stored in."""

    attribute: str
    field: Field[Any, Any]
    hint: Any
    required: bool

    @property
    def nullable(self) -> bool:
        """Whether null is stored as NULL; otherwise it means the field's default."""
        return self.field.null

    @property
    def clearable(self) -> bool:
        """Whether null is accepted at all."""
        return self.nullable or self.field.has_default()


@dataclass(frozen=True)
class Form:
    """One way to name a relation's target: by the target's field `lookup`."""

    attribute: str
    lookup: str


@dataclass(frozen=True)
class Link:
    """A relation with the ways in which a row may give it."""

    name: str
    relation: Relation
    field: models.ForeignKey[Any, Any]
    forms: tuple[Form, ...]

    @property
    def error(self) -> RowError:
        """What is said of a new record that lacks it."""
        if self.relation.asks_for:
            return RowError(self.relation.asks_for, *BLANK)
        return RowError(self.name, *MUST_EXIST)

    @property
    def key_form(self) -> Form | None:
        """The form by the target's own key, where that is one attribute."""
        last = self.forms[-1]
        return None if last.lookup in ("pk", REFERENCE) else last


class Schema:
    """What the engine needs to know of a resource type, worked out once.

    Attributes:
        columns: the attributes stored in fields of the model.
        links: the relations.
        validator: checks a row's JSON text, or its cells; see validators in rows.py.
    """

    def __init__(self, importer: Importer) -> None:
        self.importer = importer
        self.model: type[Model] = importer.model
        self.pk: Field[Any, Any] = self.model._meta.pk
        self.columns = tuple(
            Column(name, self.model._meta.get_field(name), hint, is_required(hint))  # type: ignore[arg-type]
            for name, hint in get_type_hints(importer.Row, include_extras=True).items()
        )
        self.links = tuple(_link(self.model, *item) for item in importer.relations.items())

    @cached_property
    def validator(self) -> SchemaValidator:
        """Validates the attributes that are present; what is absent is no error here."""
        return adapter(
            self.importer.resource_type, self.columns, self.links, partial=True
        ).validator  # type: ignore[return-value]

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema of a row that creates a record."""
        return adapter(
            self.importer.resource_type, self.columns, self.links, partial=False
        ).json_schema()

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
        """What null stands for in fields that can't be null: their default."""
        return {
            column.field.attname: column.field.get_default
            for column in self.columns
            if not column.nullable
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
    def key_fields(self) -> tuple[Field[Any, Any], ...]:
        """The fields that together find a record within its mode."""
        return tuple(self.model._meta.get_field(name) for name in self.importer.key)  # type: ignore[misc]

    @cached_property
    def key_names(self) -> tuple[str, ...]:
        """The key as field names (`attname`)."""
        return tuple(field.attname for field in self.key_fields)

    @cached_property
    def key_parts(self) -> tuple[tuple[str, bool], ...]:
        """The key's fields, each with whether it may be null."""
        return tuple((field.attname, field.null) for field in self.key_fields)

    @cached_property
    def other_unique_names(self) -> tuple[tuple[str, ...], ...]:
        """What else must be unique within a mode besides the key, as field names (`attname`)."""
        fields = self.model._meta.concrete_fields
        sets: list[tuple[str, ...]] = [
            (f.attname,) for f in fields if f.unique and not f.primary_key
        ]
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
                names = (self.model._meta.get_field(name) for name in constraint.fields)
                sets.append(tuple(f.attname for f in names if f.name != "mode"))  # type: ignore[union-attr]
        return tuple(names for names in sets if set(names) != set(self.key_names))

    @cached_property
    def needed_key_names(self) -> tuple[str, ...]:
        """The parts of the key without which a row says nothing of its record."""
        return tuple(name for name, can_be_null in self.key_parts if not can_be_null)

    @cached_property
    def natural_key_paths(self) -> tuple[str, ...]:
        """ORM paths to what people call a record within its parent: a price's is `sku__code`."""
        names = (name for name in self.importer.key if name != self.importer.parent)
        return tuple(self._natural_path(name) for name in names)

    def _natural_path(self, name: str) -> str:
        link = self.links_by_name.get(name)
        if link is None or link.key_form is None:
            return name
        return f"{name}__{link.key_form.lookup}"

    @cached_property
    def key_of(self) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        """Takes the key out of a draft's fields."""
        names = self.key_names
        if len(names) == 1:
            (name,) = names
            return lambda fields: (fields[name],)
        return itemgetter(*names)

    @cached_property
    def has_mode(self) -> bool:
        """Whether the records are told apart by mode."""
        try:
            self.model._meta.get_field("mode")
        except FieldDoesNotExist:
            return False
        return True

    def records(self, mode: str) -> QuerySet[Any]:
        """The records of this type that may be seen in this mode, in no order."""
        return self.model._default_manager.filter(**self.scope(mode)).order_by()

    def scope(self, mode: str) -> dict[str, Any]:
        """The filter within which records of this type may be seen."""
        return {"mode": mode} if self.has_mode else {}


@cache
def schema_for(importer: Importer) -> Schema:
    """The importer's schema; compiled at first use."""
    return Schema(importer)


def schema_for_model(model: type[Model]) -> Schema:
    """The schema of the type whose records live in that model."""
    importer = importers.for_model(model)
    if importer is None:
        raise NotRegistered(f"{model.__name__} has no importer")
    return schema_for(importer)


def _link(model: type[Model], name: str, relation: Relation) -> Link:
    forms = [Form(f"{name}_id", "pk")]
    if any(field.name == REFERENCE for field in relation.to._meta.fields):
        forms.append(Form(f"{name}_{REFERENCE}", REFERENCE))
    target = importers.for_model(relation.to)
    if target is not None and len(target.key) == 1 and target.key[0] not in target.relations:
        forms.append(Form(f"{name}_{target.key[0]}", target.key[0]))
    field = model._meta.get_field(name)
    return Link(name, relation, field, tuple(forms))  # type: ignore[arg-type]
