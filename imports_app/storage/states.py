"""States of records in columns: the values of some of their fields, packed a field at a time.

On PostgreSQL a column is one text, of values as the server writes and reads them; elsewhere it is a
list of values as the driver returns them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from imports_app.database import connection

Values = dict[str, Any]  # by field (`attname`)

# COPY's form: a tab between the values, none and no line break in them.
TAB, NULL = "\t", r"\N"
ABSENT = "\n"  # in the place of a value that a row didn't give
NOT_GIVEN = object()
ESCAPE = re.compile(r"\\(.)", re.DOTALL)
ESCAPED = {"t": "\t", "n": "\n", "r": "\r"}

TYPED = """
    SELECT {columns} FROM unnest({arrays}) WITH ORDINALITY AS given({names}, place) ORDER BY place
"""


@dataclass(slots=True)
class States:
    """Values of some fields of many records; a place in each column is a record's.

    Attributes:
        fields: the fields (`attname`).
        columns: of each field all values: a text, or a list of them.
        mark: what stands between the values of a text, its NULL being what follows the first
            character; none in a text of COPY's form.
        constants: what is the same in all records, by field.
    """

    fields: list[str]
    columns: list[Any]
    mark: str = ""
    constants: Values = field(default_factory=dict)

    @property
    def marks(self) -> tuple[str, str]:
        """What stands between the values of a text, and for NULL."""
        return (self.mark, self.mark[1:]) if self.mark else (TAB, NULL)

    def is_parted(self, number: int) -> bool:
        """Return whether taking that column's text apart is all that it takes to have each value as
        text.
        """
        text = self.columns[number]
        if not text:  # it may be one value or none
            return False
        return bool(self.mark) or not (ABSENT in text or "\\" in text.replace(NULL, ""))

    def cells(self, number: int) -> list[Any]:
        """Return all values of that column as the database reads them, NOT_GIVEN for those that no
        row gave.
        """
        return self._read(self._split(self.columns[number]))

    def part(self, places: Sequence[int]) -> "States":
        """Return those of the records at these places only."""
        between, _ = self.marks
        columns: list[Any] = []
        for column in self.columns:
            cells = self._split(column)
            some = [cells[place] for place in places]
            columns.append(between.join(some) if isinstance(column, str) else some)
        return States(self.fields, columns, self.mark, self.constants)

    def at(self, model: type[Model], places: Sequence[int]) -> list[Values]:
        """Return the values of the records at these places, of fields that are still there.

        One query on PostgreSQL. Raises django.db.Error if they don't fit the table any more.
        """
        by_name = {field.attname: field for field in model._meta.concrete_fields}
        constants = {n: _copied([each]) for n, each in self.constants.items() if n in by_name}
        pairs = zip(self.fields, self.columns, strict=True)
        columns = {n: self._at(each, places) for n, each in pairs if n in by_name}
        shared = {name: each for name, (each,) in _typed(by_name, constants).items()}
        given = [*_typed(by_name, columns).items()] if places else []
        return [
            shared | {name: cells[n] for name, cells in given if cells[n] is not NOT_GIVEN}
            for n in range(len(places))
        ]

    def _at(self, column: Any, places: Iterable[int]) -> list[Any]:
        cells = self._split(column)
        found = [cells[place] for place in places]
        return self._read(found) if isinstance(column, str) else found

    def _split(self, column: Any) -> Any:
        return column.split(self.mark or TAB) if isinstance(column, str) else column

    def _read(self, cells: list[Any]) -> list[Any]:
        """Return what a text's cells stand for."""
        if not self.mark:
            return _copied(cells)
        null = self.mark[1:]
        return [None if cell == null else cell for cell in cells]


def _copied(cells: list[Any]) -> list[Any]:
    """Return what COPY would read in the cells of a text; those of a list are as they are."""
    if connection.vendor != "postgresql":
        return cells
    return [NOT_GIVEN if cell == ABSENT else _unescaped(cell) for cell in cells]


def _unescaped(cell: str) -> str | None:
    if "\\" not in cell:
        return cell
    return None if cell == NULL else ESCAPE.sub(lambda found: ESCAPED.get(found[1], found[1]), cell)


def _typed(by_name: Any, columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return the columns with their values as a record has them."""
    if not columns:
        return {}
    fields = [by_name[name] for name in columns]
    if connection.vendor != "postgresql":
        pairs = zip(fields, columns.values(), strict=True)
        return {
            f.attname: [f.to_python(each) for each in _converted(f, cells)] for f, cells in pairs
        }
    return dict(zip(columns, _read(fields, [*columns.values()]), strict=True))


def _read(fields: Sequence[Any], columns: Sequence[list[Any]]) -> list[list[Any]]:
    """Let the server read the texts."""
    names = [f"c{n}" for n in range(len(fields))]
    sql = TYPED.format(
        columns=", ".join(
            f"{name}::{f.db_type(connection)}" for name, f in zip(names, fields, strict=True)
        ),
        arrays=", ".join(["%s::text[]"] * len(fields)),
        names=", ".join(names),
    )
    texts = [[None if cell is NOT_GIVEN else cell for cell in column] for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(sql, texts)
        found = zip(*cursor.fetchall(), strict=True)
    read = [_converted(*pair) for pair in zip(fields, found, strict=True)]
    for column, cells in zip(columns, read, strict=True):
        for place in [n for n, cell in enumerate(column) if cell is NOT_GIVEN]:
            cells[place] = NOT_GIVEN
    return read


def _converted(field: Any, column: Sequence[Any]) -> list[Any]:
    """Return the values as Django makes them of those that the driver returns."""
    expression = field.get_col(field.model._meta.db_table)
    converters = connection.ops.get_db_converters(expression)
    for convert in [*converters, *expression.get_db_converters(connection)]:
        column = [convert(each, expression, connection) for each in column]
    return [*column]
