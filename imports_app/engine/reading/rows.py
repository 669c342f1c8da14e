"""The rows of a batch: their values in columns, and objects of those that are looked at."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

import msgspec

from imports_app.engine.reading.row import Row


class Rows(Sequence[Row]):
    """Consecutive rows. Most of them are nothing but their values, and have no object.

    Attributes:
        first: the index of the first one.
        values: the attributes that each gives, validated; empty where a row failed.
        made: the rows that have an object, by place; all rows with errors do.
    """

    def __init__(self, first: int, count: int, raws: Callable[[], Sequence[msgspec.Raw]]) -> None:
        self.first = first
        self.values: list[dict[str, Any]] = []
        self.made: dict[int, Row] = {}
        self._count = count
        self._raws = raws

    @cached_property
    def raws(self) -> Sequence[msgspec.Raw]:
        """The text of each row, parsed only when it is asked for."""
        return self._raws()

    def take(self, values: list[dict[str, Any]]) -> None:
        """Take the values that validation made, for rows of which there is an object, too."""
        self.values = values
        for place, row in self.made.items():
            row.values = values[place]

    @property
    def failed(self) -> list[int]:
        """The places of the rows with errors, in their order."""
        return sorted(place for place, row in self.made.items() if row.errors)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        return map(self.__getitem__, range(self._count))

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(self._count))]
        if (row := self.made.get(place)) is None:
            values = self.values[place] if self.values else {}
            row = self.made[place] = Row(self.first + place, self.raws[place], values)
        return row
