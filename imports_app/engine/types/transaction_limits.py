"""Limits the rows of an import that is carried out in one transaction."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from msgspec import Raw

from imports_app.conf import conf
from imports_app.database import connection
from imports_app.engine.types.admission import Problem
from imports_app.registry import importers
from imports_app.storage.row_cost import BATCH_COST, row_cost

TOO_LONG = (
    "can't be asked of {count:,} rows (maximum is {limit:,} on SQLite, where nobody else can write "
    "meanwhile)"
)
TOO_COSTLY = "can't be asked of so many rows with passwords on SQLite: nobody could write meanwhile"
MAX_BATCHES = 4  # of the costliest rows; each takes about a second


class Rows(Protocol):
    """Rows whose number is known."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[bytes | Raw]: ...


def whole_problem(attributes: Mapping[str, Any], rows: Rows) -> Problem | None:
    """Return why these rows can't have a dry run or all_or_nothing; None if they can."""
    name = next((name for name in ("all_or_nothing", "dry_run") if attributes.get(name)), None)
    if name is None or connection.vendor != "sqlite":
        return None
    if problem := _too_long(name, len(rows)):
        return problem
    if name == "all_or_nothing" and _cost(attributes, rows) > MAX_BATCHES * BATCH_COST:
        return Problem(name, "too_long", TOO_COSTLY, value=True)  # a dry run hashes nothing
    return None


def dry_run_problem(count: int) -> Problem | None:
    """Return why this many rows can't have a dry run; None if they can."""
    return _too_long("dry_run", count) if connection.vendor == "sqlite" else None


def _too_long(name: str, count: int) -> Problem | None:
    limit = conf.sqlite_whole_rows
    message = TOO_LONG.format(count=count, limit=limit)
    return Problem(name, "too_long", message, value=True) if count > limit else None


def _cost(attributes: Mapping[str, Any], rows: Rows) -> int:
    importer = importers.find(attributes.get("resource_type"))
    cost_of = row_cost(importer) if importer else None
    return sum(map(cost_of, rows)) if cost_of else 0
