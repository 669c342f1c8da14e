"""An importer compiled for the engine: columns, relation forms, and a validator of rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, reduce
from operator import itemgetter, or_
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Required, Union, get_args, get_origin, get_type_hints

from django.core.exceptions import FieldDoesNotExist
from django.db import connection, models
from django.db.models import Field, Model, QuerySet
from pydantic import ConfigDict, StringConstraints, TypeAdapter
from pydantic import Field as Constraint
from pydantic_core import SchemaValidator
from typing_extensions import TypedDict

from imports_app.engine.messages import BLANK, MUST_EXIST, NOT_BLANK_PATTERN
from imports_app.exceptions import NotRegistered
from imports_app.importer import Importer, Relation, RowError
from imports_app.registry import importers

ID = "id"
TYPE = "type"
REFERENCE = "reference"


@dataclass(frozen=True)
class Column:
    """An attribute and the field that it is stored in."""

    attribute: str
    field: Field[Any, Any]
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
        self._hints = get_type_hints(importer.Row, include_extras=True)
        self.columns = tuple(
            Column(name, self.model._meta.get_field(name), _is_required(hint))  # type: ignore[arg-type]
            for name, hint in self._hints.items()
        )
        self.links = tuple(_link(self.model, *item) for item in importer.relations.items())

    @cached_property
    def validator(self) -> SchemaValidator:
        """Validates the attributes that are present; what is absent is no error here."""
        return _adapter(self._row_type(partial=True)).validator  # type: ignore[return-value]

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema of a row that creates a record."""
        return _adapter(self._row_type(partial=False)).json_schema()

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

    def _row_type(self, *, partial: bool) -> Any:
        # Clients may name the type in every row; a type with a `type` of its own overrides this.
        hints: dict[str, Any] = {ID: str, TYPE: Literal[self.importer.resource_type]}
        for column in self.columns:
            hint = _constrained(self._hints[column.attribute], column)
            hints[column.attribute] = Required[hint] if column.required and not partial else hint
        for link in self.links:
            for form in link.forms:
                hints[form.attribute] = str | None if link.field.null else str
        return TypedDict(self.importer.resource_type, hints, total=False)  # type: ignore[operator]


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


def _adapter(row_type: Any) -> TypeAdapter[Any]:
    row_type.__pydantic_config__ = ConfigDict(extra="forbid", allow_inf_nan=False)
    return TypeAdapter(row_type)


def _is_required(hint: Any) -> bool:
    return get_origin(hint) is Required


def _link(model: type[Model], name: str, relation: Relation) -> Link:
    forms = [Form(f"{name}_id", "pk")]
    if any(field.name == REFERENCE for field in relation.to._meta.fields):
        forms.append(Form(f"{name}_{REFERENCE}", REFERENCE))
    target = importers.for_model(relation.to)
    if target is not None and len(target.key) == 1 and target.key[0] not in target.relations:
        forms.append(Form(f"{name}_{target.key[0]}", target.key[0]))
    field = model._meta.get_field(name)
    return Link(name, relation, field, tuple(forms))  # type: ignore[arg-type]


def _constrained(hint: Any, column: Column) -> Any:
    """The attribute's type with what its model field can hold added to it."""
    hint = _without_none(get_args(hint)[0] if _is_required(hint) else hint)
    base, *own = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    # The importer's own rules come last: of two of a kind the later one holds.
    if rules := [*_field_rules(base, column), *own]:
        hint = Annotated[base, *rules]
    accepts_null = column.clearable and not column.required
    return hint | None if accepts_null else hint


def _field_rules(base: Any, column: Column) -> list[Any]:
    if base is str:
        pattern = NOT_BLANK_PATTERN if column.required else None
        return [StringConstraints(max_length=column.field.max_length, pattern=pattern)]
    if base is int and isinstance(column.field, models.IntegerField):
        kind = column.field.get_internal_type()
        low, high = connection.ops.integer_field_range(kind)
        return [Constraint(ge=low, le=high)]
    return []


def _without_none(hint: Any) -> Any:
    """`X` of `X | None`: constraints go on the value, not on its absence."""
    if get_origin(hint) in (Union, UnionType):
        present = [part for part in get_args(hint) if part is not NoneType]
        return reduce(or_, present)
    return hint
