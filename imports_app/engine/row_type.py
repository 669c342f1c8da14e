"""The type by which Pydantic validates a row, from what the importer and the model say."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Required, Union, get_args, get_origin

from django.db import connection, models
from pydantic import ConfigDict, StringConstraints, TypeAdapter
from pydantic import Field as Constraint
from typing_extensions import TypedDict

from imports_app.engine.messages import NOT_BLANK_PATTERN

if TYPE_CHECKING:
    from imports_app.engine.schema import Column, Link

ID = "id"
TYPE = "type"


def adapter(
    resource_type: str, columns: "Iterable[Column]", links: "Iterable[Link]", *, partial: bool
) -> TypeAdapter[Any]:
    """Validates rows of these columns and relations; `partial` ones may lack what is required."""
    # Clients may name the type in every row; a type with a `type` of its own overrides this.
    hints: dict[str, Any] = {ID: str, TYPE: Literal[resource_type]}
    for column in columns:
        hint = _constrained(column)
        hints[column.attribute] = Required[hint] if column.required and not partial else hint
    for link in links:
        for form in link.forms:
            hints[form.attribute] = str | None if link.field.null else str
    make: Any = TypedDict  # to a type checker it is no function
    row_type = make(resource_type, hints, total=False)
    row_type.__pydantic_config__ = ConfigDict(extra="forbid", allow_inf_nan=False)
    return TypeAdapter(row_type)


def is_required(hint: Any) -> bool:
    """Whether the importer asks for the attribute when a record is created."""
    return get_origin(hint) is Required


def _constrained(column: "Column") -> Any:
    """The attribute's type with what its model field can hold added to it."""
    hint = get_args(column.hint)[0] if is_required(column.hint) else column.hint
    hint = _without_none(hint)
    base, *own = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    # The importer's own rules come last: of two of a kind the later one holds.
    if rules := [*_field_rules(base, column), *own]:
        hint = Annotated[base, *rules]
    accepts_null = column.clearable and not column.required
    return hint | None if accepts_null else hint


def _field_rules(base: Any, column: "Column") -> list[Any]:
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
