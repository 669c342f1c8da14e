"""The header of a CSV: what its columns are called, and where in a row they belong."""

from collections.abc import Iterator, Sequence

from imports_app.conf import conf
from imports_app.inputs.limits import MAX_MEMBERS, MAX_NAME
from imports_app.inputs.refusals import Fault, InputsRefused

Path = tuple[str, ...]


def read_header(cells: Sequence[str], depth: int) -> list[Path]:
    """Return the path of each column: `customer.email` is ("customer", "email").

    `depth` is how much each row stands in. Raises InputsRefused.
    """
    if len(cells) > MAX_MEMBERS:
        problems = [("too_many", f"has more than {MAX_MEMBERS} columns")]
    else:
        problems = list(_problems(cells, conf.max_depth - depth))
    if problems:
        raise InputsRefused([Fault(*problem) for problem in problems])
    return [_path(cell) for cell in cells]


def _path(cell: str) -> Path:
    """Spaces around a name are none of it: people line columns up."""
    return tuple(name.strip() for name in cell.split("."))


def _problems(cells: Sequence[str], max_depth: int) -> Iterator[tuple[str, str]]:
    taken: set[Path] = set()
    for number, cell in enumerate(cells, 1):
        path = _path(cell)
        name = ".".join(path)
        if not all(path):
            yield "blank", f"has a column without a name (column {number})"
        elif len(name) > MAX_NAME:
            yield "too_long", f"has a column whose name is too long (column {number})"
        elif not name.isprintable():
            yield "invalid", f"has a column whose name can't be printed (column {number})"
        elif len(path) > max_depth:
            yield "too_deep", f"has a column that nests too deep: {name}"
        elif path in taken:
            yield "taken", f"has the column {name} more than once"
        taken.add(path)
    for path in sorted(taken):
        if any(path[:size] in taken for size in range(1, len(path))):
            yield "conflict", f"has the column {'.'.join(path)} and one that it is a part of"
