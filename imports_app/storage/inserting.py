"""Adds the service's own records, many at a time."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model

from imports_app.database import connection
from imports_app.models.zstd import ZstdTextField


def insert(model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Add a record of each row; `names` say what its values are, as field names (`attname`).

    PostgreSQL gets them as they are. Django would make literals of them, which psycopg has to
    escape and the server to parse: that takes longer than to store them.
    """
    if connection.vendor != "postgresql":
        records = [model(**dict(zip(names, row, strict=True))) for row in rows]
        model._default_manager.bulk_create(records)
    elif rows:
        _copy(model, names, rows)


def _copy(model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in names]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types([_type(field) for field in fields])
            for row in rows:
                copy.write_row([_as_kept(*pair) for pair in zip(fields, row, strict=True)])


def _as_kept(field: Any, value: Any) -> Any:
    """Return the value as the driver takes it: most as they are, JSON as its text."""
    if isinstance(field, ZstdTextField):
        return field.get_db_prep_value(value, connection)
    return value


def _type(field: Any) -> str:
    """Return the column's type by the name that the driver knows, without its length."""
    return str(
        field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
    ).partition("(")[0]
