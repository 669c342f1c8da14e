"""Valid JSON that no column can hold: null characters, numbers that are not finite."""

from collections.abc import Callable, Iterator, Sequence
from math import isinf
from typing import Any, TypeVar

import msgspec

from imports_app.engine.reading.row import Row
from imports_app.engine.types import NOT_FINITE, NULL_CHARACTER, Schema
from imports_app.importer import RowError

NUL_ESCAPE = b"\\u0000"

T = TypeVar("T")


def refuse_unstorable(
    schema: Schema, values: Sequence[dict[str, Any]], row_of: Callable[[int], Row], *, nul: bool
) -> None:
    """Refuse what is valid JSON but what no column can hold, inside JSON values too."""
    for place, given in enumerate(values if nul else ()):
        for name, value in given.items():
            if any("\0" in text for text in _leaves(value, str)):
                row_of(place).errors.append(RowError(name, *NULL_CHARACTER))
    for name in schema.json_attributes:
        if not _may_be_infinite([given[name] for given in values if name in given]):
            continue
        for place, given in enumerate(values):
            if any(map(isinf, _leaves(given.get(name), float))):
                row_of(place).errors.append(RowError(name, *NOT_FINITE))


def _may_be_infinite(values: Sequence[Any]) -> bool:
    """Return False where no look at each value is needed; the text is quick to make."""
    try:
        return b"null" in msgspec.json.encode(values)  # what is no number in JSON is null there
    except (msgspec.MsgspecError, OverflowError, RecursionError, UnicodeEncodeError):
        return True


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
