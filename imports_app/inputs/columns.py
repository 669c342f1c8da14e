"""The columns of a file, each with the attribute that it is for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from imports_app.conf import conf
from imports_app.inputs.file_options import FileOptions
from imports_app.inputs.kinds import Kind
from imports_app.inputs.limits import MAX_MEMBERS, MAX_NAME
from imports_app.inputs.names import Names, Path, names_of
from imports_app.inputs.refusals import Fault, InputsRefused, refused
from imports_app.inputs.target import Target
from imports_app.inputs.transforms import suits

ID = "id"  # finds a record whatever its key is
SHOWN = 5  # columns that a refusal names
LONGEST_SHOWN = 40  # characters of a name in it


class Column(NamedTuple):
    """A column of a file.

    Attributes:
        place: its number, from 0.
        path: where in a row its cells belong: `customer.email` is ("customer", "email"). None
            where they are left out.
        is_known: whether that is an attribute of the type.
    """

    place: int
    name: str
    path: Path | None
    is_known: bool


def read_columns(
    header: Sequence[str], depth: int, target: Target | None, options: FileOptions
) -> list[Column]:
    """Return the columns that have a name.

    `depth` is how much each row stands in. Raises InputsRefused.
    """
    names = [cell.strip() for cell in header]
    if len(names) > MAX_MEMBERS and any(names[MAX_MEMBERS:]):
        raise refused("too_many", f"has more than {MAX_MEMBERS} columns")
    _check_given(names, target, options)
    columns = [_column(n, name, target, options) for n, name in enumerate(names) if name]
    if target:
        check_transforms(columns, target, options)
    if problems := list(_problems(columns, conf.max_depth - depth)):
        raise InputsRefused([Fault(*problem) for problem in problems])
    if target:
        _check_known(columns, target)
    return columns


def _column(place: int, name: str, target: Target | None, options: FileOptions) -> Column:
    if name in options.columns:
        wanted = options.columns[name]
        path = tuple(wanted.split(".")) if wanted else None
        if path and target:
            path = names_of(target).path_of(wanted or "") or path
        return Column(place, name, path, is_known=path is not None)
    found = names_of(target).path_of(name) if target else None
    own = tuple(part.strip() for part in name.split("."))
    return Column(place, name, found or own, is_known=found is not None)


def _check_given(names: Sequence[str], target: Target | None, options: FileOptions) -> None:
    """Refuse options that name columns which the file, or attributes which the type doesn't
    have.
    """
    for column, attribute in options.columns.items():
        if column not in names:
            some = _some(filter(None, names))
            message = f"has no column '{_short(column)}'; it has {some}"
            raise refused("unknown", message, option="columns")
        if attribute and target and names_of(target).path_of(attribute) is None:
            near = names_of(target).nearest(attribute)
            hint = f"; the nearest is {near}" if near else ""
            of = target.resource_type
            message = f"can't have '{_short(attribute)}', which {of} don't have{hint}"
            raise refused("unknown", message, option="columns")


def check_transforms(columns: Sequence[Column], target: Target, options: FileOptions) -> None:
    """Refuse what can't be done to the cells of a column, or is asked of one that isn't there."""
    kinds = {column.name: kind_of(column, target) for column in columns}
    for name, transform in options.transforms.items():
        kind = kinds.get(name)
        if kind is None:
            message = f"has no column '{_short(name)}' whose cells could be changed ({transform})"
            raise refused("unknown", message, option="transforms")
        if not suits(transform, kind):
            message = f"has cells of {_short(name)} that no '{transform}' suits: {kind.name} takes"
            raise refused("invalid", f"{message} others", option="transforms")


def kind_of(column: Column, target: Target) -> Kind | None:
    """Return what the column's attribute takes; None of one that is inside of another."""
    is_plain = column.is_known and column.path is not None and len(column.path) == 1
    return target.kinds.get(column.path[0]) if is_plain and column.path else None


def _problems(columns: Sequence[Column], max_depth: int) -> Iterator[tuple[str, str]]:
    taken: dict[Path, str] = {}
    for column in columns:
        if problem := _problem(column, max_depth):
            yield problem
        elif column.path in taken:
            yield "taken", _twice(column.name, taken[column.path], column.path)
        if column.path:
            taken.setdefault(column.path, column.name)
    for path in sorted(taken):
        if any(path[:size] in taken for size in range(1, len(path))):
            yield "conflict", f"has the column {'.'.join(path)} and one that it is a part of"


def _problem(column: Column, max_depth: int) -> tuple[str, str] | None:
    place, name, path, _ = column
    if len(name) > MAX_NAME:
        return "too_long", f"has a column whose name is too long (column {place + 1})"
    if not name.isprintable():
        return "invalid", f"has a column whose name can't be printed (column {place + 1})"
    if path and not all(path):
        return "blank", f"has a column without a name (column {place + 1})"
    if path and len(path) > max_depth:
        return "too_deep", f"has a column that nests too deep: {name}"
    return None


def _twice(name: str, other: str, path: Path) -> str:
    if name == other:
        return f"has the column {name} more than once"
    return f"has two columns for {'.'.join(path)}, {_short(other)} and {_short(name)}"


def _check_known(columns: Sequence[Column], target: Target) -> None:
    names = names_of(target)
    unknown = [column.name for column in columns if not column.is_known and column.path]
    of = target.resource_type
    if not any(column.is_known for column in columns):
        some = _some(unknown or [column.name for column in columns])
        message = f"has no column that {of} have ({some}){_hint(names, unknown)}"
        raise refused("unknown", message, option="columns")
    given = {path for column in columns if column.is_known and (path := column.path)}
    if lacking := list(
        _lacking(target, {"_".join(path) for path in given} | {p[0] for p in given})
    ):
        message = f"has no column for {', '.join(lacking)}, by which {of} are found"
        some = f"; it has {_some(unknown)}" if unknown else ""
        raise refused("unknown", f"{message}{some}{_hint(names, unknown)}", option="columns")


def _lacking(target: Target, given: set[str]) -> Iterator[str]:
    """Yield the parts of the key that each new record needs and no column gives."""
    if ID not in given:
        yield from (need.name for need in target.needs if given.isdisjoint(need.ways))


def _hint(names: Names, unknown: Sequence[str]) -> str:
    near = {name: names.nearest(name) for name in unknown[:SHOWN]}
    told = [f"{_short(name)} may be {one}" for name, one in near.items() if one]
    if not told:
        return ""
    return f"; {', '.join(told)}: name the attributes, or set file_options[columns]"


def _some(names: "Iterator[str] | Sequence[str]") -> str:
    every = [_short(name) for name in names]
    more = f" and {len(every) - SHOWN} more" if len(every) > SHOWN else ""
    return f"{', '.join(every[:SHOWN])}{more}"


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_SHOWN else f"{name[:LONGEST_SHOWN]}…"


def as_mapping(columns: Sequence[Column]) -> Mapping[str, str | None]:
    """Return the attributes by the names of the columns, as an import says how it was read."""
    return {
        column.name: ".".join(column.path) if column.path and column.is_known else None
        for column in columns
    }
