"""Insert the service's own records, many at a time."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model

from imports_app.database import connection, quote
from imports_app.models.zstd import ZstdField

INSERT = "INSERT INTO {table} VALUES ({marks})"


def insert(model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert a record for each row; `names` are the fields of its values (`attname`).

    One statement, whatever their number. Django would make literals of the values for PostgreSQL,
    which psycopg has to escape and the server to parse: that takes longer than to store them. For
    SQLite it would make objects, and a statement for each thousand values.
    """
    if not rows:
        return
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in names]
    table = quote(model._meta.db_table)
    columns = ", ".join(quote(field.column) for field in fields)
    if connection.vendor == "postgresql":
        _copy(f"{table} ({columns})", fields, rows)
    else:
        _insert(f"{table} ({columns})", fields, rows)


def _copy(table: str, fields: Sequence[Any], rows: Sequence[Sequence[Any]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types([_type(field) for field in fields])
        for row in rows:
            copy.write_row([_as_kept(*pair) for pair in zip(fields, row, strict=True)])


def _insert(table: str, fields: Sequence[Any], rows: Sequence[Sequence[Any]]) -> None:
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(
            INSERT.format(table=table, marks=marks),
            [
                [
                    f.get_db_prep_save(value, connection)
                    for f, value in zip(fields, row, strict=True)
                ]
                for row in rows
            ],
        )


def _as_kept(field: Any, value: Any) -> Any:
    """Return the value as the driver takes it: most as they are, JSON as its text."""
    if isinstance(field, ZstdField):
        return field.get_db_prep_value(value, connection)
    return value


def _type(field: Any) -> str:
    """Return the column's type by the name that the driver knows, without its length."""
    return str(
        field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
    ).partition("(")[0]
