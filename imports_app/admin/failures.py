"""The failed rows of an import: grouped by error, and page by page."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from django.core.paginator import Page, Paginator
from django.utils.text import Truncator

from imports_app.database import connection
from imports_app.models import Import, RowFailure
from imports_app.outputs.texts import row_of
from imports_app.registry import importers
from imports_app.storage.failures import failed_rows_of
from imports_app.storage.lines import lines_at

ROWS_A_PAGE = 25
MAX_GROUPS = 20
MAX_CHARACTERS = 1_000


class _Dialect(NamedTuple):
    """The SQL with which a database turns each error in the log into a line."""

    errors: str
    attribute: str
    message: str


_DIALECTS = {
    # PostgreSQL's JSON operators fail if the name of an attribute contains a NUL.
    "postgresql": _Dialect(
        r"json_array_elements(replace(errors, '\u0000', '\ufffd')::json) AS error",
        "error->>'attribute'",
        "error->>'message'",
    ),
    "sqlite": _Dialect(
        "json_each(errors) AS error",
        "json_extract(error.value, '$.attribute')",
        "json_extract(error.value, '$.message')",
    ),
}


class Group(NamedTuple):
    """An error that several rows share: how many rows, and the index of the first one.

    `line` is that row's line if it came in a file.
    """

    attribute: str
    message: str
    rows: int
    first: int
    line: int | None = None


class FailedRow(NamedTuple):
    """A failed row; `input` is None if the row isn't kept, or must not be shown."""

    number: int
    line: int | None
    key: str | None
    errors: list[dict[str, str]]
    input: str | None


def groups(import_: Import) -> list[Group]:
    """Return the most frequent errors, at most MAX_GROUPS.

    One statement reads the log. If the rows came as a file, another one reads their lines.
    """
    dialect = _DIALECTS[connection.vendor]
    statement = f"""
        SELECT substr({dialect.attribute}, 1, 100), substr({dialect.message}, 1, 300),
               count(*), min("index")
        FROM {RowFailure._meta.db_table}, {dialect.errors}
        WHERE import_id = %s GROUP BY 1, 2 ORDER BY 3 DESC, 4 LIMIT {MAX_GROUPS}
    """  # noqa: S608  (names of ours)
    with connection.cursor() as cursor:
        pk = RowFailure._meta.get_field("bulk_import").get_db_prep_value(import_.pk, connection)
        cursor.execute(statement, [pk])
        found = cursor.fetchall()
    lines = _lines(import_, [first for *_, first in found])
    return [
        Group(attribute, message, rows, first, lines.get(first))
        for attribute, message, rows, first in found
    ]


def page_of(import_: Import, query: Any) -> Page[FailedRow]:
    """Return the page of failed rows that the query asks for, by `page` or by the index of a `row`.

    If there is no such page, return the nearest one.
    """
    paginator: Paginator[Any] = Paginator(import_.failures.all(), ROWS_A_PAGE)
    paginator.count = import_.errors_count  # known, so not counted
    page = paginator.get_page(_holding(import_, query) or query.get("page"))
    failures = list(page.object_list)
    lines = _lines(import_, [failure.index for failure in failures])
    page.object_list = [
        FailedRow(
            failure.index,
            lines.get(failure.index),
            failure.key,
            msgspec.json.decode(failure.errors),
            _shown(import_, row),
        )
        for failure, row in failed_rows_of(import_.pk, failures)
    ]
    return page


def _lines(import_: Import, indexes: Sequence[int]) -> Mapping[int, int]:
    return lines_at(import_.pk, indexes) if import_.file else {}


def _holding(import_: Import, query: Any) -> int | None:
    """Return the number of the page with the query's row, or else with the next row that failed."""
    row = query.get("row", "")
    if not (row.isascii() and row.isdigit() and len(row) < len(str(2**31))):
        return None
    return import_.failures.filter(index__lt=int(row)).count() // ROWS_A_PAGE + 1


def _shown(import_: Import, row: bytes | None) -> str | None:
    if row is None or import_.resource_type not in importers:
        return None
    return Truncator(row_of(row, import_.resource_type).decode()).chars(MAX_CHARACTERS)
