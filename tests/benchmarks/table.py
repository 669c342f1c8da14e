"""The results as people read them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

HEADER = ("", "measure", "rows", "ours", "reference", "", "ratio", "target", "met")
MET = {True: "yes", False: "NO", None: ""}
LARGE = 100  # from here on digits behind the point say nothing


def table(results: Iterable[Mapping[str, Any]]) -> str:
    """A line for each measurement, with aligned columns."""
    lines = [HEADER, *(_cells(each) for each in results)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADER))]
    return "\n".join(_aligned(line, widths) for line in lines)


def _cells(each: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        each["backend"],
        each["name"],
        "" if each["rows"] is None else f"{each['rows']:,}",
        number(each["ours"]),
        number(each["reference"]),
        each["unit"],
        number(each["ratio"]),
        each["target"] or "",
        MET[each["met"]],
    )


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    numbers = {2, 3, 4, 6}
    padded = (
        cell.rjust(width) if column in numbers else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(padded).rstrip()


def number(value: float) -> str:
    """As many digits as mean something."""
    return f"{value:,.0f}" if abs(value) >= LARGE else f"{value:.3g}"


def heading(machine: Mapping[str, Any]) -> str:
    """The machine and the versions."""
    return "\n".join(f"{name}: {value}" for name, value in machine.items())
