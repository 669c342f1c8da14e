"""Builds the types by which Pydantic validates rows, from the importer and its model."""

from collections.abc import Iterator
from functools import cache, reduce
from operator import or_
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    Required,
    Union,
    get_args,
    get_origin,
)

from django.db import models
from pydantic import AliasChoices, ConfigDict, GetCoreSchemaHandler, StringConstraints, TypeAdapter
from pydantic import Field as Constraint
from pydantic_core import SchemaValidator, core_schema
from typing_extensions import TypedDict

from imports_app.engine.types.columns import Column
from imports_app.engine.types.field_rules import integer_limits, rules_after, rules_before
from imports_app.engine.types.links import PK, Form, Link
from imports_app.engine.types.many import Many
from imports_app.engine.types.names import NORMAL, Name, NumberedId
from imports_app.engine.types.schema import Schema, schema_for_model
from imports_app.engine.types.validators import (
    blank_pattern,
    choice_type,
    validator_rules,
)
from imports_app.importer import Relation
from imports_app.model_rows import hint_of
from imports_app.ranges import RangeForm, is_range

ID = "id"
TYPE = "type"
# Characters of a value to be hashed; hashing longer ones would only help an attacker waste time.
LONGEST_SECRET = 4_096


@cache
def validator(schema: Schema) -> SchemaValidator:
    """Return what validates a row's JSON text; absent attributes aren't errors here."""
    return TypeAdapter[Any](_type_of(schema, partial=True)).validator  # type: ignore[return-value]


@cache
def rows_validator(schema: Schema) -> SchemaValidator:
    """Return what validates an array of rows; it puts None in place of each invalid row."""
    row_type: Any = Annotated[_type_of(schema, partial=True), _NoneIfInvalid()]
    # Every row has the same attributes' names. Caching repeated values would cost more than it
    # saves.
    config = ConfigDict(cache_strings="keys")
    return TypeAdapter[Any](list[row_type], config=config).validator  # type: ignore[return-value]


@cache
def naming_validator(schema: Schema, names: frozenset[str]) -> SchemaValidator:
    """Return what validates only these attributes of rows; an invalid value becomes None."""
    hints = {
        name: Annotated[hint | None, _NoneIfInvalid()]
        for name, hint in _plain_hints(schema, partial=True).items()
        if name in names
    }
    row_type: Any = _row_type(schema, hints)
    row_type.__pydantic_config__ = ConfigDict(coerce_numbers_to_str=True)
    return TypeAdapter[Any](list[row_type]).validator  # type: ignore[return-value]


@cache
def name_validator(many: Many, form: Form) -> SchemaValidator:
    """Return what validates the JSON text of one target's name."""
    hint = _form_hint(many.relation, many.key_form, form)
    return TypeAdapter[Any](hint).validator  # type: ignore[return-value]


def json_schema(schema: Schema) -> dict[str, Any]:
    """Return the JSON Schema of a row that creates a record."""
    return TypeAdapter[Any](_type_of(schema, partial=False)).json_schema()


class _NoneIfInvalid:
    """Turns an invalid value into None."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        schema = handler(source)
        return core_schema.with_default_schema(schema, default=None, on_error="default")


def _type_of(schema: Schema, *, partial: bool) -> Any:
    return _row_type(schema, _hints(schema, partial=partial))


def _hints(schema: Schema, *, partial: bool) -> dict[str, Any]:
    """Return the types of everything that a row may have, by name."""
    hints = _plain_hints(schema, partial=partial)
    for link in schema.links:
        if link.relation.inline_among:
            hints[link.name] = _inline_type(link)
    for child in schema.children:
        hints[child.attribute] = list[_child_type(child.schema, child.link, partial=partial)]  # type: ignore[misc]
    for many in schema.many.values():
        hints |= many.hints
    return hints


def _plain_hints(schema: Schema, *, partial: bool) -> dict[str, Any]:
    """Return the types for the record's own columns, relations and instructions."""
    # Clients may name the resource type in every row, unless it has an attribute `type`.
    hints: dict[str, Any] = {ID: _id_hint(schema.pk), TYPE: Literal[schema.importer.resource_type]}
    for column in schema.columns:
        hint = _by_all_names(schema, column, constrained(column))
        hints[column.attribute] = Required[hint] if column.required and not partial else hint
    for link in schema.links:
        hints |= dict(_form_hints(link))
    for name in schema.importer.synonyms.keys() & hints.keys():
        del hints[name]
    return hints | schema.instructions


def _by_all_names(schema: Schema, column: Column, hint: Any) -> Any:
    """Return the attribute's type, which accepts the attribute's synonyms, too."""
    names = schema.importer.synonyms.items()
    if synonyms := [name for name, attribute in names if attribute == column.attribute]:
        choices = AliasChoices(column.attribute, *synonyms)
        return Annotated[hint, Constraint(validation_alias=choices)]
    return hint


def _form_hints(link: Link) -> Iterator[tuple[str, Any]]:
    for form in (*link.forms, *link.parts):
        hint = _form_hint(link.relation, link.key_form, form)
        yield form.attribute, hint | None if link.field.null else hint


def _form_hint(relation: Relation, key_form: Form | None, form: Form) -> Any:
    if form == key_form:
        return _key_hint(relation)
    if form.lookup == PK:
        return _id_hint(relation.to._meta.pk)
    field: Any = relation.to._meta.get_field(form.lookup)
    base = hint_of(field)
    if base is None or isinstance(field, models.CharField | models.TextField):
        return Name
    return _without_none(constrained(Column(form.lookup, field, base, required=False)))


def _id_hint(pk: Any) -> Any:
    """Return the type of a record's id in a row, which may be a number if ids are numbers."""
    is_number = isinstance(pk.target_field if pk.is_relation else pk, models.IntegerField)
    return NumberedId if is_number else Name


def _key_hint(relation: Relation) -> Any:
    """Return the type of the target's key, so that a row's name for it gets its stored form."""
    target = schema_for_model(relation.to)
    column = target.by_attribute[target.importer.key[0]]
    if relation.makes:
        return constrained(column)
    return _named(column, _without_none(_bare(column)))


def _child_type(schema: Schema, link: Link, *, partial: bool) -> Any:
    """Return the type of a child's row, which lacks the relation to the row that it is in."""
    hints = _hints(schema, partial=partial)
    return _row_type(schema, {n: h for n, h in hints.items() if n not in link.given_by})


def _inline_type(link: Link) -> Any:
    """Return the type of a target given as an object, with all that a new record requires."""
    target = schema_for_model(link.relation.to)
    hints = _plain_hints(target, partial=False)
    del hints[ID]
    return _row_type(target, hints)


def _row_type(schema: Schema, hints: dict[str, Any]) -> Any:
    make: Any = TypedDict  # type checkers don't take it for a function
    row_type = make(schema.importer.resource_type, hints, total=False)
    row_type.__pydantic_config__ = ConfigDict(extra="forbid", allow_inf_nan=False)
    return row_type


def constrained(column: Column) -> Any:
    """Return the attribute's type, constrained to what its model field can hold."""
    hint = _without_none(_bare(column))
    base, *own = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    if is_range(column.field):
        own = [_range_form(column.field)]
    choices = None if own or column.hashed else choice_type(column.field, base)
    # The importer's own rules come later: of two rules of one kind, the later one counts.
    rules = [*_limits(base, column), *own, *_rules(base, column, formats=not own)]
    if choices is not None:
        hint = choices
    elif rules:
        hint = Annotated[base, *rules]
    hint = _named(column, hint)
    accepts_null = column.clearable and not column.required
    return hint | None if accepts_null else hint


def _range_form(field: Any) -> RangeForm:
    """Return the form of ranges whose ends hold to the rules of a field of their own."""
    base = field.base_field
    return RangeForm(field, constrained(Column(base.name, base, hint_of(base), required=False)))


def _named(column: Column, hint: Any) -> Any:
    """Return the type, which normalizes names before it checks their length."""
    base = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    return Annotated[hint, NORMAL] if column.is_name and base is str else hint


def _bare(column: Column) -> Any:
    return get_args(column.hint)[0] if column.required else column.hint


def _limits(base: Any, column: Column) -> list[Any]:
    """Return the constraints that Pydantic has itself, and that a JSON Schema can express."""
    if base is str:
        pattern = blank_pattern(column.field, required=column.required)
        longest = LONGEST_SECRET if column.hashed else column.field.max_length
        return [StringConstraints(max_length=longest, pattern=pattern)]
    if base is int and isinstance(column.field, models.IntegerField):
        low, high = integer_limits(column.field)
        return [Constraint(ge=low, le=high)]
    return rules_before(column.field, base)


def _rules(base: Any, column: Column, *, formats: bool) -> list[Any]:
    """Return the field's rules that `_limits` doesn't cover; none for what is stored as a hash."""
    if column.hashed:
        return []
    validators = validator_rules(column.field, base, formats=formats)
    return [*rules_after(column.field, base), *validators]


def _without_none(hint: Any) -> Any:
    """Return `X` of `X | None`: constraints apply to the value, not to its absence."""
    if get_origin(hint) in (Union, UnionType):
        present = [part for part in get_args(hint) if part is not NoneType]
        return reduce(or_, present)
    return hint
