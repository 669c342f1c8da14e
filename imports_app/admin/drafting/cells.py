"""The cells of a draft's first rows, by column, and as rows of its type."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from imports_app.admin.drafting.draft import Choice

_as_row = msgspec.json.Decoder(dict[str, Any])


def rows_by_column(first: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows. Columns with dots in their names are nested objects."""
    return [_as_row.decode(row.encode()) for row in first]


def cells_of(rows: Sequence[Mapping[str, Any]], column: str) -> Iterator[Any]:
    """Yield each row's cell in the column; None if the row has none."""
    path = [part.strip() for part in column.split(".")]
    for row in rows:
        yield _inside(row, path)


def as_rows(
    rows: Sequence[Mapping[str, Any]], choices: Mapping[str, Choice]
) -> list[dict[str, Any]]:
    """Return the rows as rows of the type, with the attributes that were chosen for the columns."""
    made: list[dict[str, Any]] = [{} for _ in rows]
    for column, choice in choices.items():
        if choice.attribute:
            path = choice.attribute.split(".")
            for row, cell in zip(made, cells_of(rows, column), strict=True):
                if cell is not None:
                    _put(row, path, cell)
    return made


def _inside(row: Mapping[str, Any], path: Sequence[str]) -> Any:
    value: Any = row
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _put(row: dict[str, Any], path: Sequence[str], cell: Any) -> None:
    place = row
    for part in path[:-1]:
        inner = place.setdefault(part, {})
        if not isinstance(inner, dict):
            return
        place = inner
    place[path[-1]] = cell
