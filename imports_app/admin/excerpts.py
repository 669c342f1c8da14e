"""The first rows and warnings of an import, for its page. There may be very many of them."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.utils.text import Truncator
from msgspec import Raw

from imports_app.models import Import
from imports_app.outputs.texts import rows_of
from imports_app.storage.lines import lines_at

ROWS = 10
LOG_ENTRIES = 100
MAX_CHARACTERS = 1_000

Table = dict[str, Any]


def tables(import_: Import) -> list[Table]:
    """Return the tables that aren't empty, in the form that Unfold's table component takes."""
    found = []
    if import_.warnings_count:
        found.append(warnings(import_))
    return [*found, rows(import_)]


def warnings(import_: Import) -> Table:
    """Return the first warnings; those without an index concern the import as a whole."""
    first = list(import_.warnings.values_list("index", "key", "message")[:LOG_ENTRIES])
    title = _title("Warnings", len(first), import_.warnings_count, "warnings")
    place, places = _places(import_, [index for index, *_ in first])
    lines = [(at, *told) for at, (_, *told) in zip(places, first, strict=True)]
    return _table(title, (place, "Key", "Message"), lines)


def rows(import_: Import) -> Table:
    """Return the first rows as they were sent, without their secrets.

    It is empty once the inputs are pruned, or if the type isn't registered any more.
    """
    beginning = next(rows_of(import_))
    known = beginning.startswith(b"[")
    sent = msgspec.json.decode(beginning + b"]", type=list[Raw])[:ROWS] if known else []
    title = _title("Inputs", len(sent), import_.inputs_size, "rows")
    place, places = _places(import_, range(len(sent)))
    lines = [(at, bytes(row).decode()) for at, row in zip(places, sent, strict=True)]
    return _table(title, (place, "Row"), lines)


def _places(import_: Import, indexes: Sequence[int | None]) -> tuple[str, list[int | None]]:
    """Return the rows' places and what these are called: lines if the rows came in a file."""
    lines = lines_at(import_.pk, sorted({index for index in indexes if index is not None}))
    if not lines:
        return "Index", list(indexes)
    return "Line", [None if index is None else lines.get(index) for index in indexes]


def _title(name: str, shown: int, total: int, unit: str) -> str:
    return f"{name}: the first {shown:,} of {total:,} {unit}" if shown < total else name


def _table(title: str, headers: Sequence[str], lines: Iterable[Sequence[Any]]) -> Table:
    return {"title": title, "headers": headers, "rows": [_cells(line) for line in lines]}


def _cells(line: Sequence[Any]) -> list[str]:
    return ["" if v is None else Truncator(str(v)).chars(MAX_CHARACTERS) for v in line]
