"""How the cells of a file are written, as far as files differ in that."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class CellForm:
    """What a cell means depends on this.

    Attributes:
        decimal: the sign before the places of a number; None where no number of the file has one.
        dates: `dmy` or `mdy`, for dates that are not ISO 8601.
        typed: whether cells may hold numbers and truth values, as those of spreadsheets do.
        transforms: what is done to the cells of a column before, by attribute.
        doubled: cells of key columns that lost digits and stand for several rows, by attribute.
    """

    decimal: str | None = None
    dates: str | None = None
    typed: bool = False
    transforms: tuple[tuple[str, str], ...] = ()
    doubled: tuple[tuple[str, frozenset[str]], ...] = ()

    @classmethod
    def of(cls, file: Mapping[str, Any] | None) -> "CellForm":
        """Return that of an import, by what it keeps of its file."""
        if not file:
            return PLAIN
        doubled = file.get("doubled", {}).items()
        return cls(
            decimal=file.get("decimal"),
            dates=file.get("dates"),
            typed=file.get("sheet") is not None,
            transforms=tuple(file.get("transforms", {}).items()),
            doubled=tuple((name, frozenset(cells)) for name, cells in doubled),
        )


PLAIN = CellForm()
