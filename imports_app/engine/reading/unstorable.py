"""Valid JSON that no column can hold: null characters, numbers that are not finite."""

from collections.abc import Iterator, Sequence
from math import isinf
from typing import Any, Protocol, TypeVar

from imports_app.engine.types import NOT_FINITE, NULL_CHARACTER, Schema
from imports_app.importer import RowError

T = TypeVar("T")


class HasValues(Protocol):
    """What is looked at of a row."""

    values: dict[str, Any]
    errors: list[RowError]


def refuse_unstorable(schema: Schema, rows: Sequence[HasValues], *, nul: bool) -> None:
    """Refuse what is valid JSON but what no column can hold, inside JSON values too."""
    for row in rows if nul else ():
        for name, value in row.values.items():
            if any("\0" in text for text in _leaves(value, str)):
                row.errors.append(RowError(name, *NULL_CHARACTER))
    for name in schema.json_attributes:
        given = [row for row in rows if name in row.values]
        # The text is quick to make, and what is not in it need not be looked for.
        if "inf" not in repr([row.values[name] for row in given]):
            continue
        for row in given:
            if any(map(isinf, _leaves(row.values[name], float))):
                row.errors.append(RowError(name, *NOT_FINITE))


def _leaves(value: Any, kind: type[T]) -> Iterator[T]:
    if isinstance(value, kind):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves(name, kind)
            yield from _leaves(item, kind)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, kind)
