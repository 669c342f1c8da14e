"""Errors that a value causes, told apart from trouble of the database, as errors of their row."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, Error, IntegrityError, connections
from django.db.models import F, UniqueConstraint

from imports_app.database import alias, connection
from imports_app.engine.applying.refused_values import (
    attribute_of,
    refused_value,
    unstorable_values,
)
from imports_app.engine.types import BASE, MUST_EXIST, TAKEN, Schema, model_errors
from imports_app.engine.writers import NotSaved
from imports_app.importer import RowError
from imports_app.outages.database_errors import is_of_a_value

SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (?P<columns>.+)")
SQLITE_INDEX = re.compile(r"UNIQUE constraint failed: index '(?P<name>\w+)'")
MARIADB_NAME = re.compile(r"(?:for key|CONSTRAINT) [`'](?:\w+\.)?(\w+)[`']")
SQLITE_CHECK = re.compile(r"CHECK constraint failed: (?P<name>\w+)")

REFUSALS = (IntegrityError, DataError)


def explain(schema: Schema, error: Error, fields: Mapping[str, Any]) -> list[RowError]:
    """Return the row's errors; `fields` is what was to be written.

    Names no value: the message of a database may hold another record's.
    """
    if isinstance(error, NotSaved):
        return _not_saved(schema, error)
    name = _constraint_name(error)
    for path, candidate in _with_children(schema, ""):
        if found := _explain(candidate, error, name):
            return [RowError(f"{path}{attribute}", *rest) for attribute, *rest in found]
    if unstorable := [*unstorable_values(schema, fields)]:
        return unstorable
    return [refused_value(schema, error, name)]


def _not_saved(schema: Schema, error: NotSaved) -> list[RowError]:
    """Return the model's own validation message; other exceptions may show others' values."""
    if isinstance(error.__cause__, ValidationError):
        return model_errors(schema, error.__cause__)
    return [RowError(BASE, "refused", f"can't be saved: the model's own code raised {error}")]


def _with_children(schema: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    """Yield the schemas of all that a row may have written, each with the path to it."""
    yield path, schema
    for child in schema.children:
        yield from _with_children(child.schema, f"{path}{child.attribute}.")


def _explain(schema: Schema, error: Error, name: str | None) -> list[RowError]:
    """Return the errors that a constraint of the type stands for; none if it is another's."""
    if names := _unique_expression(schema, name):
        return [RowError(attribute, *TAKEN) for attribute in names]
    if columns := _unique_columns(schema, error, name):
        return [RowError(attribute_of(schema, column), *TAKEN) for column in columns]
    for constraint in schema.model._meta.constraints:
        if constraint.name == name:
            message = str(constraint.get_violation_error_message())
            return [RowError(BASE, constraint.violation_error_code or "invalid", message)]
    for link in schema.links:
        if name and link.field.column in name and name.startswith(schema.model._meta.db_table[:20]):
            return [RowError(link.name, *MUST_EXIST)]
    return []


def _constraint_name(error: Error) -> str | None:
    diagnostics = getattr(error.__cause__, "diag", None)
    if diagnostics is not None:
        return str(diagnostics.constraint_name) if diagnostics.constraint_name else None
    if connection.vendor == "mysql":  # the message ends with it, behind values of the row
        return next(reversed(MARIADB_NAME.findall(str(error))), None)
    match = SQLITE_CHECK.search(str(error)) or SQLITE_INDEX.search(str(error))
    return match["name"] if match else None


def _unique_columns(schema: Schema, error: Error, name: str | None) -> Iterable[str]:
    """Return the columns of the unique constraint that fired, those that a client knows."""
    if match := SQLITE_UNIQUE.search(str(error)):
        columns = [column.rpartition(".") for column in match["columns"].split(", ")]
        names = [name for table, _, name in columns if table == schema.model._meta.db_table]
    elif name:
        names = [*_columns_of(alias(), schema.model._meta.db_table, name)]
    else:
        names = []
    own = {*schema.scope_names, schema.pk.column}
    return [column for column in names if column not in own]


def _unique_expression(schema: Schema, name: str | None) -> list[str]:
    """Return the attributes of which the unique constraint of that name computes a value."""
    constraints: list[Any] = [
        one
        for one in schema.model._meta.constraints
        if one.name == name and isinstance(one, UniqueConstraint)
    ]
    parts: list[Any] = [p for one in constraints for e in one.expressions for p in e.flatten()]
    names: list[str] = [vars(part)["name"] for part in parts if isinstance(part, F)]
    fields: list[Any] = [schema.model._meta.get_field(name) for name in names]
    return [attribute_of(schema, field.column) for field in fields]


@cache
def _columns_of(alias: str, table: str, name: str) -> Sequence[str]:
    """Return the columns of the table's unique constraint of that name; none if it is no such.

    Asked only once: thousands of rows may violate the same one.
    """
    with connections[alias].cursor() as cursor:
        constraint = connections[alias].introspection.get_constraints(cursor, table).get(name)
    return constraint["columns"] if constraint and constraint["unique"] else []


class Refused(DataError):
    """A value that Django, the driver or the database refuses; `__cause__` is what they raised."""


@contextmanager
def refusals() -> Iterator[None]:
    """Within, whatever a value causes is one of REFUSALS, whoever raises it.

    A driver's COPY raises its own errors; a converter that can't make a number of a text, Python's;
    a trigger that raises, an index that can't hold a long text have classes of their own.
    """
    try:
        with connection.wrap_database_errors:
            yield
    except REFUSALS:
        raise
    except Exception as error:
        if is_of_a_value(error):
            raise Refused(type(error).__name__) from error.__cause__ or error
        raise
